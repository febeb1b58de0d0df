import { DescribeTasksCommand, ECSClient, RunTaskCommand, waitUntilTasksStopped } from "@aws-sdk/client-ecs";
import type { Context } from "aws-lambda";
import { awsClient } from "../shared/aws";
import { log } from "../shared/log";
import { checkOutcome } from "./outcome";

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

const ecs = awsClient(new ECSClient({}));

/** Seconds until the wait ends with what ECS last said; below the function's own timeout of 900. */
const longestRun = 840;

/** Runs a task once and waits until it has stopped. @throws Error when the task does not start, does not stop in time or fails. */
export async function handler(event: Event, { awsRequestId }: Context): Promise<{ readonly task: string }> {
  const { cluster, taskDefinition, subnets, securityGroups, container } = event;
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: "FARGATE",
      count: 1,
      // The SDK may repeat this call: it stays one task.
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
  const question = { cluster, tasks: [task] };
  // The waiter repeats a denied call until its time is over; this one fails at once.
  await ecs.send(new DescribeTasksCommand(question));
  const { final } = await waitUntilTasksStopped(
    { client: ecs, maxWaitTime: longestRun, minDelay: 2, maxDelay: 5 },
    question,
  );
  checkOutcome(final?.tasks?.[0], container);
  return { task };
}
