import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, type StackContext } from "../kit";
import { patternsOf } from "./filter-pattern";
import { planSecurityFilters } from "./security-filters";

/** CloudWatch namespace of the metrics that the trail's filters publish. */
export const securityNamespace = "Cline/Security";

/** Events per five minutes; default 1. Single refused calls happen every day. */
const thresholds: Readonly<Partial<Record<string, number>>> = { "unauthorized-calls": 25, "console-failures": 5 };

/** Arguments of {@link SecurityAlarms}. */
export interface SecurityAlarmsArgs {
  readonly context: StackContext;
  readonly trailLogGroupName: pulumi.Input<string>;
  /** Subject of the protected workflow's tokens; default none deploys. */
  readonly workflow?: string;
  /** SNS topic of those who act on security alarms. */
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
    const { context, trailLogGroupName, topicArn, workflow } = args;
    const child = { parent: this };
    for (const plan of planSecurityFilters(context, workflow)) {
      const { noun, description } = plan;
      const filters = patternsOf(plan).map(
        ([filterName, pattern]) =>
          new aws.cloudwatch.LogMetricFilter(
            `${name}-${filterName}-filter`,
            {
              name: filterName,
              logGroupName: trailLogGroupName,
              pattern,
              metricTransformation: { namespace: securityNamespace, name: noun, value: "1", defaultValue: "0" },
            },
            child,
          ),
      );
      alarm(
        `${name}-${noun}`,
        {
          alarmName: context.names.alarm(noun),
          description,
          runbook: "alarms-of-security",
          audience: "security",
          namespace: securityNamespace,
          metricName: noun,
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          threshold: thresholds[noun] ?? 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          topicArn,
          tellsEnd: false,
          tags: context.tags({ Purpose: "security" }),
        },
        { ...child, dependsOn: filters },
      );
    }
    this.registerOutputs({});
  }
}
