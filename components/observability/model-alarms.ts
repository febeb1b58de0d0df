import * as pulumi from "@pulumi/pulumi";
import { alarm, type StackContext } from "../kit";

/** Arguments of {@link ModelAlarms}. */
export interface ModelAlarmsArgs {
  readonly context: StackContext;
  /** SNS topic of the infrastructure team. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * Alarms on all of Bedrock's models together: use outside the band that the past two weeks predict, and throttling. CloudWatch learns the band
 * by itself, so a growing organization needs no new threshold.
 *
 * Cost: $.30 a month for each anomaly alarm, $.10 for the other.
 */
export class ModelAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: ModelAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:ModelAlarms", name, {}, opts);
    this.#anomaly(name, args, "model-calls-anomaly", "Invocations", "invocations");
    this.#anomaly(name, args, "model-output-anomaly", "OutputTokenCount", "tokens written");
    this.#throttling(name, args);
    this.registerOutputs({});
  }

  /** What all alarms on models share: three periods in a row, and silence while no model is used. */
  #common({ context, topicArn }: ModelAlarmsArgs, noun: string) {
    return {
      alarmName: context.names.alarm(noun),
      runbook: "alarms-of-the-models",
      audience: "infrastructure",
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
      topicArn,
      tags: context.tags({ Purpose: "models" }),
    } as const;
  }

  #anomaly(name: string, args: ModelAlarmsArgs, noun: string, metricName: string, what: string): void {
    alarm(
      `${name}-${noun}`,
      {
        ...this.#common(args, noun),
        description: `The models' ${what} are far above what this time of the week predicts`,
        comparisonOperator: "GreaterThanUpperThreshold",
        thresholdMetricId: "band",
        metricQueries: [
          { id: "use", returnData: true, metric: { namespace: "AWS/Bedrock", metricName, period: 300, stat: "Sum" } },
          { id: "band", returnData: true, expression: "ANOMALY_DETECTION_BAND(use, 4)", label: `${what}, expected` },
        ],
      },
      { parent: this },
    );
  }

  #throttling(name: string, args: ModelAlarmsArgs): void {
    alarm(
      `${name}-model-throttles`,
      {
        ...this.#common(args, "model-throttles"),
        description: "Bedrock throttles: ask for a higher quota, or let departments use another tier",
        namespace: "AWS/Bedrock",
        metricName: "InvocationThrottles",
        statistic: "Sum",
        period: 300,
        threshold: 10,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
      },
      { parent: this },
    );
  }
}
