import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** An alarm that tells nobody is a graph. */
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
