import { ECSClient } from "@aws-sdk/client-ecs";
import { awsClient } from "../shared/aws";
import { log } from "../shared/log";
import { accountInit, parseAccount, planAccount, type AccountWish } from "./account";
import { runInit } from "./init-task";
import { keysWork, signsIn } from "./langfuse";
import { parseSecret, planSecret, projectInit, type ProjectWish } from "./project";
import { syncRoutes } from "./routes";
import { keepSecret, readSecret } from "./store";

/** What `up` sends. Nothing secret: input and result are kept in the stack's state. */
export type Event =
  | ({ readonly action: "ensure"; readonly secretName: string } & ProjectWish)
  | ({ readonly action: "account"; readonly secretName: string } & AccountWish)
  | { readonly action: "sync" };

/** What `up` keeps. */
export interface Result {
  readonly projectId?: string;
  readonly routesChanged?: boolean;
  /** Id of the person whose account stands. */
  readonly account?: string;
}

const ecs = awsClient(new ECSClient({}));

/** A run of the function may last 15 minutes; what is started is cleaned up within it. */
const soon = () => Date.now() + 12 * 60_000;

/** Makes what is missing in Langfuse, and keeps the collector's routes. Safe to repeat. */
export async function handler(event: Event): Promise<Result> {
  switch (event.action) {
    case "sync":
      return { routesChanged: await syncRoutes(ecs) };
    case "ensure":
      return ensureProject(event);
    case "account":
      return ensureAccount(event);
  }
}

async function ensureProject(wish: ProjectWish & { readonly secretName: string }): Promise<Result> {
  const { department, secretName } = wish;
  const deadline = soon();
  const stored = await readSecret(secretName);
  const project = planSecret(wish, stored && parseSecret(stored.text));
  const { arn } = await keepSecret(secretName, JSON.stringify(project), stored);
  const isMade = () => keysWork(project);
  if ((await isMade()) !== true) {
    const initialization = projectInit(wish, arn);
    await runInit(ecs, { what: `the project of ${department}`, department, initialization, isMade, deadline });
    log("project made", { department });
  }
  return { projectId: department, routesChanged: await syncRoutes(ecs) };
}

async function ensureAccount(wish: AccountWish & { readonly secretName: string }): Promise<Result> {
  const { department, person, secretName } = wish;
  const deadline = soon();
  const stored = await readSecret(secretName);
  const account = planAccount(wish, stored && parseAccount(stored.text, wish));
  const { arn } = await keepSecret(secretName, JSON.stringify(account), stored);
  const isMade = () => signsIn(account);
  if ((await isMade()) !== true) {
    const initialization = accountInit(wish, account, arn);
    const what = `the account of ${person} of ${department}`;
    await runInit(ecs, { what, department, initialization, isMade, deadline });
    log("account made", { department, person });
  }
  return { account: person };
}
