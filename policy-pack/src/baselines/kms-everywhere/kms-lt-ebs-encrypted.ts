import { resourcePolicy } from "../../frame/policy";
import { keyFault } from "./key";

/**
 * Launch templates say `encrypted` as text, where "false" is easily taken for true; and what they
 * leave out the account's default decides.
 */
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
