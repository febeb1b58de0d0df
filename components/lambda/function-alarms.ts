import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tags, type StackSpec } from "../../config";

/** Arguments of {@link functionAlarms}. */
export interface FunctionAlarmsArgs {
  readonly spec: StackSpec;
  readonly functionName: string;
  /** Queue of failed asynchronous runs. */
  readonly queueName: string;
  readonly topicArn: pulumi.Input<string>;
}

/** Alarms of one function: it failed three times in a quarter of an hour, it was throttled, or a run was given up. */
export function functionAlarms(name: string, args: FunctionAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
  const { spec, functionName, queueName, topicArn } = args;
  const alarm = (
    noun: string,
    body: Pick<aws.cloudwatch.MetricAlarmArgs, "namespace" | "metricName" | "dimensions" | "threshold"> & {
      readonly alarmDescription: string;
    },
  ) =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${noun}`,
      {
        ...body,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        evaluationPeriods: 1,
        period: 900,
        statistic: noun === "given-up" ? "Maximum" : "Sum",
        treatMissingData: "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: tags(spec),
      },
      opts,
    );
  alarm("errors", {
    alarmDescription: `${functionName} failed at least three times in 15 minutes`,
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: functionName },
    threshold: 3,
  });
  alarm("throttles", {
    alarmDescription: `${functionName} could not run: the account's or its own concurrency is used up`,
    namespace: "AWS/Lambda",
    metricName: "Throttles",
    dimensions: { FunctionName: functionName },
    threshold: 1,
  });
  alarm("given-up", {
    alarmDescription: `A run of ${functionName} was given up; its event waits in the queue ${queueName}`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    threshold: 1,
  });
}
