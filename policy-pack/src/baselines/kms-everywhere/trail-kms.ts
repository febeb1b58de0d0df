import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";
import { keyFault } from "./key";

/** The audit trail is evidence; a customer-managed key limits its readers. */
export const trailKms = resourcePolicy({
  name: "trail-kms",
  description: "Trails and event data stores are encrypted under a customer-managed key",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["CloudTrail.2"],
    "cis-aws-3.0": ["3.5"],
    "nist-800-53r5": ["AU-9"],
    checkov: ["CKV_AWS_35", "CKV_AWS_294"],
    trivy: ["AWS-0015"],
    "cdk-nag": ["R5-CloudTrailEncryptionEnabled"],
  },
  remediation: "Name a customer-managed key in kmsKeyId.",
  url: securityHub("CloudTrail.2"),
  types: ["aws:cloudtrail/trail:Trail", "aws:cloudtrail/eventDataStore:EventDataStore"],
  check(trail, report) {
    report.expect(trail.at("kmsKeyId"), (key) => keyFault(key) === undefined);
  },
});
