import { resourcePolicy, stackPolicy } from "../frame/policy";
import { all, attempt, not, some } from "../frame/tri";
import type { ResourceView } from "../frame/view";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";

/** An alarm without an action notifies nobody. */
export const alarmActions = resourcePolicy({
  name: "alarm-actions",
  description: "Alarms tell somebody when they go off",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["CloudWatch.15", "CloudWatch.17"],
    "nist-800-53r5": ["AU-6"],
    checkov: ["CKV_AWS_319"],
    "cdk-nag": ["R5-CloudWatchAlarmAction"],
  },
  remediation:
    "Name a topic in alarmActions and leave actionsEnabled out. An alarm that only feeds a composite alarm may be exempt.",
  url: securityHub("CloudWatch.15"),
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"],
  check(alarm, report) {
    report.expect(alarm.at("actionsEnabled"), (enabled) => enabled.flag() !== false);
    const actions = alarm.at("alarmActions");
    report.expect(actions, () => actions.items().length > 0, "alarmActions names nobody");
  },
});

/**
 * What each metric filter of the CIS benchmark must look for: the control, and words that its
 * pattern holds.
 */
const CIS_FILTERS: readonly (readonly [control: `4.${number}`, event: string, words: readonly string[]])[] = [
  ["4.1", "unauthorized API calls", ["UnauthorizedOperation"]],
  ["4.2", "sign-in to the console without MFA", ["ConsoleLogin", "MFAUsed"]],
  ["4.3", "use of the root user", ["Root", "userIdentity.type"]],
  ["4.4", "changes of IAM policies", ["PutRolePolicy", "AttachRolePolicy"]],
  ["4.5", "changes of CloudTrail", ["StopLogging", "DeleteTrail"]],
  ["4.6", "failed sign-ins to the console", ["ConsoleLogin", "Failed authentication"]],
  ["4.7", "keys that are disabled or about to be deleted", ["ScheduleKeyDeletion", "DisableKey"]],
  ["4.8", "changes of bucket policies", ["PutBucketPolicy"]],
  ["4.9", "changes of AWS Config", ["StopConfigurationRecorder"]],
  ["4.10", "changes of security groups", ["AuthorizeSecurityGroupIngress"]],
  ["4.11", "changes of network ACLs", ["CreateNetworkAclEntry"]],
  ["4.12", "changes of network gateways", ["CreateInternetGateway"]],
  ["4.13", "changes of route tables", ["CreateRoute"]],
  ["4.14", "changes of VPCs", ["CreateVpc"]],
  ["4.15", "changes of AWS Organizations", ["organizations.amazonaws.com"]],
];

/** Judges a stack that sends a trail to CloudWatch, since only there can the filters stand. */
export const cisMetricAlarms = stackPolicy({
  name: "cis-metric-alarms",
  description: "The events that the CIS benchmark names set off an alarm",
  severity: "medium",
  level: "advisory",
  controls: {
    "cis-aws-3.0": CIS_FILTERS.map(([control]) => control),
    fsbp: Array.from({ length: 14 }, (_, index) => `CloudWatch.${index + 1}` as const),
    "nist-800-53r5": ["AU-6"],
    trivy: ["AWS-0147"],
  },
  remediation:
    "Add an aws.cloudwatch.LogMetricFilter for the event to the trail's log group, and a MetricAlarm on its metric; or an EventBridge rule, and an exemption.",
  url: securityHub("CloudWatch.1"),
  types: ["aws:cloudtrail/trail:Trail"],
  checkStack(stack, report) {
    const trails = stack
      .ofType("aws:cloudtrail/trail:Trail")
      .filter((trail) => trail.at("cloudWatchLogsGroupArn").isSet);
    const [trail] = trails;
    if (!trail) return report.notApplicable("no trail of the stack goes to CloudWatch");
    const filters = stack.ofType("aws:cloudwatch/logMetricFilter:LogMetricFilter");
    const alarms = stack.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    for (const [control, event, words] of CIS_FILTERS) {
      const watching = some(filters, (filter) =>
        all(
          () => words.every((word) => filter.at("pattern").text()?.includes(word)),
          () => some(alarms, (alarm) => attempt(() => watches(alarm, filter))),
        ),
      );
      const message = `nothing watches for ${event} (CIS ${control})`;
      report.decide(not(watching), trail.at("cloudWatchLogsGroupArn"), message, { resource: trail });
    }
  },
});

function watches(alarm: ResourceView, filter: ResourceView): boolean {
  return alarm.at("metricName").text() === filter.at("metricTransformation.name").text();
}

/** A log group without retention grows for ever, and so does its cost. */
export const logGroupRetention = resourcePolicy({
  name: "log-group-retention",
  description: "Log groups say how long they keep their events",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["CloudWatch.16"],
    "nist-800-53r5": ["AU-11"],
    checkov: ["CKV_AWS_66"],
    "cdk-nag": ["R5-CloudWatchLogGroupRetentionPeriod"],
    area: ["cost"],
  },
  remediation: "Set retentionInDays.",
  url: securityHub("CloudWatch.16"),
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  check(group, report) {
    report.expect(group.at("retentionInDays"), (days) => days.isSet);
  },
  remediate(inputs) {
    if ("retentionInDays" in inputs) return false;
    return set(inputs, { retentionInDays: 365 });
  },
});

/**
 * An intrusion is found after 200 days on average; the log of its first day must still be there.
 */
export const logGroupRetentionMinimum = resourcePolicy({
  name: "log-group-retention-minimum",
  description: "Log groups keep their events for a year",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["CloudWatch.16"], "nist-800-53r5": ["AU-11"], checkov: ["CKV_AWS_338"] },
  remediation:
    "Set retentionInDays to 365 or more (0 keeps events for ever), or set minDays in the policy's configuration.",
  url: securityHub("CloudWatch.16"),
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  config: { minDays: { type: "integer", description: "The fewest days that events are kept", default: 365 } },
  check(group, report, config) {
    const days = group.at("retentionInDays");
    const least = config.at("minDays").number() ?? 365;
    report.expect(days, () => days.isAbsent || days.number() === 0 || (days.number() ?? 0) >= least);
  },
});
