import { stackPolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

const DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const KEY = "aws:ebs/defaultKmsKey:DefaultKmsKey";

/**
 * Default encryption without a default key uses AWS's key; a default key without default encryption
 * is unused.
 */
export const kmsEbsDefault = stackPolicy({
  name: "kms-ebs-default",
  description: "Default EBS encryption is set together with its key",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["kms-everywhere"], fsbp: ["EC2.7"], "cis-aws-3.0": ["2.2.1"], "nist-800-53r5": ["SC-28"] },
  remediation: "Declare aws.ebs.EncryptionByDefault and aws.ebs.DefaultKmsKey together.",
  url: securityHub("EC2.7"),
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
