import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";

/** The account's default decides for every volume that does not set encryption itself. */
export const kmsEbsDefaultOn = resourcePolicy({
  name: "kms-ebs-default-on",
  description: "Default EBS encryption is not switched off",
  severity: "medium",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["EC2.7"],
    "cis-aws-3.0": ["2.2.1"],
    "nist-800-53r5": ["SC-28"],
    checkov: ["CKV_AWS_106"],
  },
  remediation: "Leave enabled out or set it to true.",
  url: securityHub("EC2.7"),
  types: [DEFAULT],
  check(setting, report) {
    report.expect(setting.at("enabled"), (enabled) => enabled.isAbsent || enabled.flag() === true);
  },
  remediate(inputs) {
    if (inputs["enabled"] !== false) return false;
    inputs["enabled"] = true;
    return true;
  },
});
