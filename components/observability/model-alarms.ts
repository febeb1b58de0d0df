import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fit, tags, type StackSpec } from "../../config";

/** Arguments of {@link ModelAlarms}. */
export interface ModelAlarmsArgs {
  readonly spec: StackSpec;
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
    const { spec, topicArn } = args;
    const common = (noun: string, alarmDescription: string) => ({
      name: fit(255, spec.platform.organization, spec.stack, noun),
      alarmDescription,
      alarmActions: [topicArn],
      okActions: [topicArn],
      treatMissingData: "notBreaching",
      tags: tags(spec, { Purpose: "models" }),
    });
    for (const [noun, metricName, what] of [
      ["model-calls-anomaly", "Invocations", "invocations"],
      ["model-output-anomaly", "OutputTokenCount", "tokens written"],
    ] as const) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${noun}`,
        {
          ...common(noun, `The models' ${what} are far above what this time of the week predicts`),
          comparisonOperator: "GreaterThanUpperThreshold",
          evaluationPeriods: 3,
          datapointsToAlarm: 3,
          thresholdMetricId: "band",
          metricQueries: [
            {
              id: "use",
              returnData: true,
              metric: { namespace: "AWS/Bedrock", metricName, period: 300, stat: "Sum" },
            },
            { id: "band", returnData: true, expression: "ANOMALY_DETECTION_BAND(use, 4)", label: `${what}, expected` },
          ],
        },
        { parent: this },
      );
    }
    new aws.cloudwatch.MetricAlarm(
      `${name}-model-throttles`,
      {
        ...common("model-throttles", "Bedrock throttles: ask for a higher quota, or let departments use another tier"),
        namespace: "AWS/Bedrock",
        metricName: "InvocationThrottles",
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        threshold: 10,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
