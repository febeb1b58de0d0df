import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  GetSecretValueCommand,
  paginateListSecrets,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { send } from "../shared/http";
import { log } from "../shared/log";
import { planCollectorConfig } from "./collector-config";
import { parseSecret, planInitContainers, planSecret, type ProjectSecret, type ProjectWish } from "./project";

/** What `up` sends. Nothing secret: input and result are kept in the stack's state. */
export type Event =
  ({ readonly action: "ensure"; readonly secretName: string } & ProjectWish) | { readonly action: "sync" };

const ecs = awsClient(new ECSClient({}));
const secrets = awsClient(new SecretsManagerClient({}));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface StoredSecret {
  readonly arn: string;
  readonly text: string;
}

async function readSecret(SecretId: string): Promise<StoredSecret | undefined> {
  try {
    const { ARN = "", SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    return SecretString === undefined ? undefined : { arn: ARN, text: SecretString };
  } catch (fault) {
    // The stack makes the secret empty; without a first version there is nothing to read.
    if ((fault as Error).name === "ResourceNotFoundException") return undefined;
    throw fault;
  }
}

async function writeSecret(SecretId: string, value: string): Promise<string> {
  const { ARN = "" } = await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
  return ARN;
}

/** Whether Langfuse knows the project's keys. Undefined when it does not answer. */
async function keysWork({ publicKey, secretKey }: ProjectSecret): Promise<boolean | undefined> {
  try {
    const { status } = await send({
      method: "GET",
      url: `${setting("LANGFUSE_URL")}/api/public/projects`,
      headers: { Authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}` },
      ca: setting("LANGFUSE_CA"),
      timeoutMs: 10_000,
    });
    return status === 200 ? true : status === 401 || status === 403 ? false : undefined;
  } catch {
    return undefined;
  }
}

async function waitForKeys(project: ProjectSecret, deadline: number): Promise<void> {
  while ((await keysWork(project)) !== true) {
    if (Date.now() > deadline) {
      throw new Error(`Langfuse did not take the keys of ${project.department} in time: see the log group of langfuse`);
    }
    await pause(5000);
  }
}

/**
 * Starts Langfuse once with the department's settings, until the running service accepts the keys;
 * then stops the task.
 */
async function initialize(project: ProjectSecret, secretArn: string, deadline: number): Promise<void> {
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: setting("TASK_FAMILY") }),
  );
  if (!taskDefinition?.containerDefinitions?.length) {
    throw new Error(`task definition ${setting("TASK_FAMILY")}: no container`);
  }
  const { family, cpu, memory, taskRoleArn, volumes, runtimePlatform, networkMode } = taskDefinition;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: `${family ?? "langfuse"}-init`,
      requiresCompatibilities: ["FARGATE"],
      networkMode,
      cpu,
      memory,
      // The service's own role reads no department's secret.
      executionRoleArn: setting("EXECUTION_ROLE"),
      taskRoleArn,
      volumes,
      runtimePlatform,
      containerDefinitions: planInitContainers(taskDefinition.containerDefinitions, {
        department: project.department,
        secretArn,
        leadEmail: project.userEmail,
      }),
    }),
  );
  const definition = registered.taskDefinition?.taskDefinitionArn;
  const cluster = setting("CLUSTER");
  let task: string | undefined;
  try {
    const { tasks, failures } = await ecs.send(
      new RunTaskCommand({
        cluster,
        taskDefinition: definition,
        launchType: "FARGATE",
        startedBy: `provision-${project.department}`.slice(0, 36),
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: setting("SUBNETS").split(","),
            securityGroups: [setting("SECURITY_GROUP")],
            assignPublicIp: "DISABLED",
          },
        },
      }),
    );
    task = tasks?.[0]?.taskArn;
    if (task === undefined)
      throw new Error(`no task for ${project.department}: ${failures?.[0]?.reason ?? "no reason given"}`);
    await waitForKeys(project, deadline);
  } finally {
    if (task !== undefined) await ecs.send(new StopTaskCommand({ cluster, task, reason: "project made" }));
    if (definition !== undefined) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: definition }));
  }
}

async function projects(): Promise<ProjectSecret[]> {
  const found: ProjectSecret[] = [];
  const prefix = `cline/${setting("ORGANIZATION")}/`;
  const pages = paginateListSecrets({ client: secrets }, { Filters: [{ Key: "name", Values: [prefix] }] });
  for await (const page of pages) {
    for (const { Name = "" } of page.SecretList ?? []) {
      if (!Name.startsWith(prefix) || !Name.endsWith("/langfuse")) continue;
      const secret = await readSecret(Name);
      if (secret) found.push(parseSecret(secret.text));
    }
  }
  return found;
}

/**
 * Writes the collector's configuration for all projects, and restarts the collector when it
 * changed.
 */
async function writeRoutes(): Promise<boolean> {
  const id = setting("COLLECTOR_CONFIG_ID");
  const wanted = planCollectorConfig(await projects());
  if ((await readSecret(id))?.text === wanted) return false;
  await writeSecret(id, wanted);
  try {
    await ecs.send(
      new UpdateServiceCommand({
        cluster: setting("CLUSTER"),
        service: setting("COLLECTOR_SERVICE"),
        forceNewDeployment: true,
      }),
    );
  } catch (fault) {
    // At the first `up` the service waits for this very configuration.
    const { name } = fault as Error;
    if (name !== "ServiceNotFoundException" && name !== "ServiceNotActiveException") throw fault;
  }
  log("collector routes changed");
  return true;
}

/** Times that a run writes the routes at most; each hour begins another. */
const mostWrites = 4;

/**
 * Keeps the collector's routes. Two runs may overlap, so a run that wrote looks again: the last one
 * to look finds every department's project in the routes.
 */
async function sync(): Promise<boolean> {
  let writes = 0;
  while (writes < mostWrites && (await writeRoutes())) writes++;
  return writes > 0;
}

/**
 * Makes a department's Langfuse project where it is missing, and keeps the collector's routes. Safe
 * to repeat.
 */
export async function handler(event: Event): Promise<{ readonly projectId?: string; readonly routesChanged: boolean }> {
  if (event.action === "sync") return { routesChanged: await sync() };
  const deadline = Date.now() + 12 * 60_000;
  const stored = await readSecret(event.secretName);
  const present = stored && parseSecret(stored.text);
  const project = planSecret(event, present);
  const secretArn =
    stored && JSON.stringify(project) === JSON.stringify(present)
      ? stored.arn
      : await writeSecret(event.secretName, JSON.stringify(project));
  if ((await keysWork(project)) !== true) {
    await initialize(project, secretArn, deadline);
    log("project made", { department: project.department });
  }
  return { projectId: project.department, routesChanged: await sync() };
}
