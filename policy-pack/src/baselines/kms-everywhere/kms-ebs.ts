import { resourcePolicy, stackPolicy } from "../../frame/policy";
import { keyFault } from "./key";

const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey";
const URL = "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-7";

/** Switching the account's default off undoes it for every volume that says nothing itself. */
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
  url: URL,
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

/** The default is worth something with a key of one's own only; each setting is useless without the other. */
export const kmsEbsDefault = stackPolicy({
  name: "kms-ebs-default",
  description: "Default EBS encryption is set together with its key",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["kms-everywhere"], fsbp: ["EC2.7"], "cis-aws-3.0": ["2.2.1"], "nist-800-53r5": ["SC-28"] },
  remediation: "Declare aws.ebs.EncryptionByDefault and aws.ebs.DefaultKmsKey together.",
  url: URL,
  types: [DEFAULT, KEY],
  checkStack(stack, report) {
    if (!stack.has(KEY))
      report.eachResource(stack.ofType(DEFAULT), () =>
        report.violation("no DefaultKmsKey stands beside it: volumes get AWS's key"),
      );
    if (!stack.has(DEFAULT))
      report.eachResource(stack.ofType(KEY), () =>
        report.violation("no EncryptionByDefault stands beside it: the key is not used"),
      );
  },
});

/** Launch templates say `encrypted` as text, where "false" is easily taken for true; and what they leave out the account's default decides. */
export const kmsLtEbsEncrypted = resourcePolicy({
  name: "kms-lt-ebs-encrypted",
  description: "Volumes of launch templates are encrypted under a customer-managed key",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["kms-everywhere"], fsbp: ["EC2.181"], "nist-800-53r5": ["SC-28"], "cdk-nag": ["EC26"] },
  remediation: 'Set ebs.encrypted to "true" and name a key in ebs.kmsKeyId.',
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-encryption.html",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  check(template, report) {
    report.each(template.at("blockDeviceMappings"), (mapping) => {
      const ebs = mapping.at("ebs");
      if (ebs.isAbsent) return;
      report.expect(ebs.at("encrypted"), (encrypted) => encrypted.flag() === true);
      report.expect(ebs.at("kmsKeyId"), (key) => keyFault(key) === undefined);
    });
  },
  remediate(inputs) {
    let changed = false;
    for (const mapping of (inputs["blockDeviceMappings"] ?? []) as { ebs?: Record<string, unknown> }[]) {
      if (mapping.ebs === undefined || mapping.ebs["encrypted"] === "true") continue;
      mapping.ebs["encrypted"] = "true";
      changed = true;
    }
    return changed;
  },
});
