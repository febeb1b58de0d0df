import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { setting } from "../shared/environment";
import { planInitContainers, type Initialization } from "./init-containers";

/** One-off task that makes something in Langfuse. */
export interface InitTask {
  /** What is made, for messages, e.g. `the project of design`. */
  readonly what: string;
  readonly department: string;
  readonly initialization: Initialization;
  /** Whether the running Langfuse knows it. Undefined when it does not answer. */
  readonly isMade: () => Promise<boolean | undefined>;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts Langfuse once with the settings, until the running service knows what they make; then stops the task. */
export async function runInit(ecs: ECSClient, task: InitTask): Promise<void> {
  const definition = await register(ecs, task.initialization);
  const cluster = setting("CLUSTER");
  let started: string | undefined;
  try {
    started = await start(ecs, task, definition);
    while ((await task.isMade()) !== true) {
      if (Date.now() > task.deadline) {
        throw new Error(`Langfuse did not make ${task.what} in time: see the log group of langfuse`);
      }
      await pause(5000);
    }
  } finally {
    if (started !== undefined) {
      await ecs.send(new StopTaskCommand({ cluster, task: started, reason: `${task.what} made, or given up` }));
    }
    if (definition !== undefined) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: definition }));
  }
}

/** The service's task definition with the settings, under a family of its own. */
async function register(ecs: ECSClient, initialization: Initialization): Promise<string | undefined> {
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
      containerDefinitions: planInitContainers(taskDefinition.containerDefinitions, initialization),
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn;
}

async function start(
  ecs: ECSClient,
  { what, department }: InitTask,
  taskDefinition: string | undefined,
): Promise<string> {
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: setting("CLUSTER"),
      taskDefinition,
      launchType: "FARGATE",
      startedBy: `provision-${department}`.slice(0, 36),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: setting("SUBNETS").split(","),
          securityGroups: [setting("SECURITY_GROUP")],
          assignPublicIp: "DISABLED",
        },
      },
    }),
  );
  const task = tasks?.[0]?.taskArn;
  if (task === undefined) throw new Error(`no task for ${what}: ${failures?.[0]?.reason ?? "no reason given"}`);
  return task;
}
