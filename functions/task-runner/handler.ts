import { DescribeTasksCommand, ECSClient, RunTaskCommand } from "@aws-sdk/client-ecs";
import type { Context } from "aws-lambda";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../shared/log";
import { awaitTask } from "./await-task";

/** What `up` sends. */
export interface Event {
  readonly cluster: string;
  /** ARN with revision. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** The container whose exit code counts. */
  readonly container: string;
}

const ecs = new ECSClient({});

/** Runs a task once and waits until it has ended well. */
export async function handler(event: Event, { awsRequestId }: Context): Promise<{ readonly task: string }> {
  const { cluster, taskDefinition, subnets, securityGroups, container } = event;
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: "FARGATE",
      count: 1,
      // However often the SDK repeats this call, it is one task.
      clientToken: awsRequestId,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...subnets],
          securityGroups: [...securityGroups],
          assignPublicIp: "DISABLED",
        },
      },
    }),
  );
  const task = tasks?.[0]?.taskArn;
  if (task === undefined) throw new Error(`the task did not start: ${failures?.[0]?.reason ?? "no reason given"}`);
  log("task started", { task });
  await awaitTask(
    async () => {
      const found = (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }))).tasks?.[0];
      const exit = found?.containers?.find(({ name }) => name === container);
      return { status: found?.lastStatus, exitCode: exit?.exitCode, why: exit?.reason ?? found?.stoppedReason };
    },
    () => sleep(5_000),
  );
  return { task };
}
