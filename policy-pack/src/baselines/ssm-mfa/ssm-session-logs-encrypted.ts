import { resourcePolicy } from "../../frame/policy";
import { isGiven, sessionInputs } from "./session-document";

/** A session that leaves no log, or leaves it in the open, cannot be audited. */
export const ssmSessionLogsEncrypted = resourcePolicy({
  name: "ssm-session-logs-encrypted",
  description: "What happens in sessions is logged to an encrypted place",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["AU-14", "AU-9"], checkov: ["CKV_AWS_113"] },
  remediation: "Name a log group or a bucket, with cloudWatchEncryptionEnabled or s3EncryptionEnabled true.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-preferences.html",
  types: ["aws:ssm/document:Document"],
  check(document, report) {
    const inputs = sessionInputs(document, report);
    const targets = [
      ["s3BucketName", "s3EncryptionEnabled"],
      ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
    ] as const;
    const used = targets.filter(([target]) => isGiven(inputs.at(target)));
    if (used.length === 0)
      report.violation("the session is logged nowhere: neither s3BucketName nor cloudWatchLogGroupName is named");
    for (const [target, encrypted] of used)
      report.expect(inputs.at(encrypted), (flag) => flag.flag() !== false, `${target} takes the log unencrypted`);
  },
});
