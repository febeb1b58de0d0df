import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { policyConfig } from "../../../cli/policy-config";
import { loadStackFiles } from "../../../config";
import type { PreviewDocument, StackReport } from "../../../reports/document";
import { pinnedImages } from "../../support/images";
import { fixtures, fixtureStacks } from "../../support/project";
import type { Call } from "../stand-in/cloud";
import { runCommand, tail, type CommandResult } from "./command";
import { succeeded } from "./expect";
import { bench } from "./hooks";
import { judged, type JudgedResult } from "./policy";
import { deploymentOf, type Deployment } from "./state";
import type { PulumiOptions } from "./workbench";

/** The stacks of this project in the order in which they are made: departments take facts from the platform. */
export const stacks = ["platform", "engineering", "data-science"] as const;
export type StackName = (typeof stacks)[number];

/** What every command that judges names. */
export const withPack = ["--policy-pack", "policy-pack", "--policy-pack-config", "policy-config.json"];

/** Images that a real `up` accepts; the fixture's values are samples. */
export const realImages: Readonly<Record<string, string>> = {
  workspaceAmi: "ami-0123456789abcdef0",
  ...pinnedImages,
};

let copy: Promise<string> | undefined;

/** The copy of this project in which all commands run, its stacks initialised as their owners would. */
export const project = (): Promise<string> => (copy ??= prepare());

async function prepare(): Promise<string> {
  const folder = bench().copyProject("project");
  cpSync(path.join(fixtures, "stacks"), path.join(folder, "stacks"), { recursive: true });
  // Every stack of the fixtures has this platform.
  const platform = loadStackFiles(fixtureStacks()).find(({ stack }) => stack === "platform")!;
  writeFileSync(path.join(folder, "policy-config.json"), policyConfig(platform));
  for (const stack of stacks) succeeded(await bench().pulumi(folder, ["stack", "init", stack]));
  for (const [name, value] of Object.entries(realImages))
    succeeded(
      await bench().pulumi(folder, ["config", "set", "--stack", "platform", "--path", `cline:images.${name}`, value]),
    );
  return folder;
}

/** Runs `pulumi ARGS… --stack STACK` in the project. */
export async function pulumi(
  stack: StackName,
  args: readonly string[],
  options: PulumiOptions = {},
): Promise<CommandResult> {
  return bench().pulumi(await project(), [...args, "--stack", stack], options);
}

/** The same with the policy pack, and what it found. */
export async function pulumiJudged(
  stack: StackName,
  args: readonly string[],
  options: PulumiOptions = {},
): Promise<JudgedResult> {
  return judged(bench(), await project(), [...args, ...withPack, "--stack", stack], options);
}

export async function exported(stack: StackName): Promise<Deployment> {
  return deploymentOf(succeeded(await pulumi(stack, ["stack", "export"])).stdout);
}

const documents = new Map<boolean, Promise<PreviewDocument>>();

/** What `npm run preview` says of a stack of the same copy: as a preview, or as deployed. */
export async function offline(stack: StackName, asDeployed: boolean): Promise<StackReport> {
  let document = documents.get(asDeployed);
  if (document === undefined) documents.set(asDeployed, (document = preview(asDeployed)));
  const report = (await document).stacks.find((each) => each.stack === stack);
  assert.ok(report, `npm run preview reports on ${stack}`);
  return report;
}

async function preview(asDeployed: boolean): Promise<PreviewDocument> {
  const options = ["--json", ...(asDeployed ? ["--as-deployed"] : [])];
  const result = await runCommand("npm", ["run", "--silent", "preview", "--", ...options], {
    cwd: await project(),
    env: process.env,
    deadlineMs: 600_000,
  });
  bench().printed.push(result);
  assert.ok(result.code <= 1, `npm run preview ended with ${result.code}\n${tail(result)}`);
  return JSON.parse(result.stdout) as PreviewDocument;
}

/** The calls of one kind that the providers received while `work` ran, for real: not for a preview. */
export async function callsDuring(rpc: Call["rpc"], work: () => Promise<unknown>): Promise<string[]> {
  const before = bench().cloud.calls().length;
  await work();
  return bench()
    .cloud.calls()
    .slice(before)
    .filter((call) => call.rpc === rpc && !call.preview)
    .map(({ urn }) => urn);
}

/** Runs `work` while the project's index.ts also holds `lines`. */
export async function spoiledBy<R>(lines: string, work: () => Promise<R>): Promise<R> {
  const file = path.join(await project(), "index.ts");
  const original = readFileSync(file, "utf8");
  writeFileSync(file, `${original}\n${lines}\n`);
  try {
    return await work();
  } finally {
    writeFileSync(file, original);
  }
}
