import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fit, tags, type StackSpec } from "../../config";
import { planSecurityFilters } from "./security-filters";

/** CloudWatch namespace of what is found in the trail. */
export const securityNamespace = "Cline/Security";

/** Refused calls happen every day; only many at once are news. */
const thresholds: Readonly<Partial<Record<string, number>>> = { "unauthorized-calls": 25, "console-failures": 5 };

/** Arguments of {@link SecurityAlarms}. */
export interface SecurityAlarmsArgs {
  readonly spec: StackSpec;
  readonly trailLogGroupName: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * An alarm for each security-relevant kind of event in the trail: the CIS set and what this system adds to it.
 *
 * Cost: $.10 a month each, and $.30 for a metric that ever has data.
 */
export class SecurityAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: SecurityAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:SecurityAlarms", name, {}, opts);
    const { spec, topicArn } = args;
    const child = { parent: this };
    for (const { noun, description, pattern } of planSecurityFilters(spec)) {
      const filter = new aws.cloudwatch.LogMetricFilter(
        `${name}-${noun}-filter`,
        {
          name: noun,
          logGroupName: args.trailLogGroupName,
          pattern,
          metricTransformation: { namespace: securityNamespace, name: noun, value: "1", defaultValue: "0" },
        },
        child,
      );
      new aws.cloudwatch.MetricAlarm(
        `${name}-${noun}`,
        {
          name: fit(255, spec.platform.organization, spec.stack, noun),
          alarmDescription: description,
          namespace: securityNamespace,
          metricName: noun,
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          threshold: thresholds[noun] ?? 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [topicArn],
          tags: tags(spec, { Purpose: "security" }),
        },
        { ...child, dependsOn: filter },
      );
    }
    this.registerOutputs({});
  }
}
