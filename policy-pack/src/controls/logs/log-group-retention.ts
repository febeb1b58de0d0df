import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** A log group that never ends grows, and is paid for, for ever. */
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
