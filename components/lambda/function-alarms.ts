import type * as pulumi from "@pulumi/pulumi";
import { alarm, type StackContext } from "../kit";

/** Arguments of {@link functionAlarms}. */
export interface FunctionAlarmsArgs {
  readonly context: StackContext;
  readonly functionName: string;
  /** Queue of failed asynchronous runs. */
  readonly queueName: string;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * Alarms of one function: three errors in 15 minutes, a throttled run, or a run that Lambda
 * dropped.
 */
export function functionAlarms(name: string, args: FunctionAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
  const { context, functionName, queueName, topicArn } = args;
  const common = {
    runbook: "alarms-of-functions",
    audience: "infrastructure",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 1,
    period: 900,
    treatMissingData: "notBreaching",
    topicArn,
    tags: context.tags(),
  } as const;
  alarm(
    `${name}-errors`,
    {
      ...common,
      description: `${functionName} failed at least three times in 15 minutes`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      threshold: 3,
    },
    opts,
  );
  alarm(
    `${name}-throttles`,
    {
      ...common,
      description: `${functionName} could not run: the account's concurrency is used up`,
      namespace: "AWS/Lambda",
      metricName: "Throttles",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      threshold: 1,
    },
    opts,
  );
  alarm(
    `${name}-given-up`,
    {
      ...common,
      description: `A run of ${functionName} was given up; its event waits in the queue ${queueName}`,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      threshold: 1,
    },
    opts,
  );
}
