import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Headings of docs/runbooks.md that alarms point to, as anchors. A test compares them with the
 * page.
 */
export const runbooks = [
  "alarms-of-functions",
  "alarms-of-the-gateway",
  "alarms-of-the-database",
  "alarms-of-the-cache",
  "alarms-of-the-trace-store",
  "alarms-of-the-models",
  "alarms-of-workspaces",
  "alarms-of-spend",
  "alarms-of-security",
] as const;
export type Runbook = (typeof runbooks)[number];

/** Audience of an alarm: the team that acts on it. */
export type Audience = "infrastructure" | "security" | "department";

type Metric = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  "namespace" | "metricName" | "dimensions" | "statistic" | "extendedStatistic" | "period"
>;

/** Arguments of {@link alarm}. */
export interface AlarmArgs
  extends
    Metric,
    Pick<
      aws.cloudwatch.MetricAlarmArgs,
      "threshold" | "thresholdMetricId" | "metricQueries" | "datapointsToAlarm" | "treatMissingData"
    > {
  /** Physical name, from `context.names.alarm`; default Pulumi's. */
  readonly alarmName?: string;
  /** The event, in one sentence that begins a mail. */
  readonly description: string;
  /** Section of docs/runbooks.md with the response. */
  readonly runbook: Runbook;
  readonly audience: Audience;
  readonly comparisonOperator: string;
  readonly evaluationPeriods: number;
  /** SNS topic of the audience. */
  readonly topicArn: pulumi.Input<string>;
  /** Actions besides the mail, e.g. a scaling policy; they run first. */
  readonly actions?: readonly pulumi.Input<string>[];
  /**
   * Whether the alarm also notifies when it ends; default true. An event, unlike a state, has no
   * end.
   */
  readonly tellsEnd?: boolean;
  readonly tags: Record<string, string>;
}

/** A CloudWatch alarm with one audience and a runbook. */
export function alarm(name: string, args: AlarmArgs, opts: pulumi.CustomResourceOptions): aws.cloudwatch.MetricAlarm {
  const { alarmName, description, runbook, audience, topicArn, actions = [], tellsEnd = true, ...metric } = args;
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      ...metric,
      ...(alarmName !== undefined && { name: alarmName }),
      alarmDescription: alarmText({ description, runbook, audience }),
      alarmActions: [...actions, topicArn],
      ...(tellsEnd && { okActions: [topicArn] }),
    },
    opts,
  );
}

/** Arguments of {@link compositeAlarm}. */
export interface CompositeAlarmArgs extends Pick<
  AlarmArgs,
  "description" | "runbook" | "audience" | "topicArn" | "tags"
> {
  /** Physical name, from `context.names.alarm`. */
  readonly alarmName: string;
  /** ARNs of alarms of this account and region; each of them sets this one off. */
  readonly anyOf: pulumi.Input<string>[];
}

/** One alarm over several: its audience hears once, whichever of them begins first. */
export function compositeAlarm(
  name: string,
  { alarmName, description, runbook, audience, anyOf, topicArn, tags }: CompositeAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.CompositeAlarm {
  return new aws.cloudwatch.CompositeAlarm(
    name,
    {
      alarmName,
      alarmDescription: alarmText({ description, runbook, audience }),
      alarmRule: pulumi.all(anyOf).apply((arns) => arns.map((arn) => `ALARM("${arn}")`).join(" OR ")),
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags,
    },
    opts,
  );
}

/** Text of an alarm's mail: the event, the audience, and the runbook's address. */
export function alarmText({ description, runbook, audience }: Pick<AlarmArgs, "description" | "runbook" | "audience">) {
  return `${description}. For: ${audience}. Runbook: docs/runbooks.md#${runbook}`;
}
