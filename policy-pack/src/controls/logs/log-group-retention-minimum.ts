import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** An intrusion is found after 200 days on average; the log of its first day must still be there. */
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
