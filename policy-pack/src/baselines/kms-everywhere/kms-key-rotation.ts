import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";
import { KEY } from "./keys";
import { effective } from "../../shared/effective";

const SYMMETRIC = "SYMMETRIC_DEFAULT";

/**
 * Yearly rotation limits what one key's material protects; KMS offers it for symmetric keys of its
 * own making.
 */
export const kmsKeyRotation = resourcePolicy({
  name: "kms-key-rotation",
  description: "Symmetric KMS keys rotate",
  severity: "medium",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["KMS.4"],
    "cis-aws-3.0": ["3.6"],
    "nist-800-53r5": ["SC-12"],
    checkov: ["CKV_AWS_7"],
    trivy: ["AWS-0065"],
    "cdk-nag": ["KMS5"],
  },
  remediation: "Set enableKeyRotation to true.",
  url: securityHub("KMS.4"),
  types: [KEY],
  check(key, report) {
    const spec = key.at("keySpec").isSet ? key.at("keySpec") : effective(key, "customerMasterKeySpec");
    if (!spec.isUnknown && spec.text() !== SYMMETRIC) report.notApplicable("KMS rotates symmetric keys only");
    if (key.at("customKeyStoreId").isSet) report.notApplicable("KMS does not rotate keys of custom key stores");
    report.expect(key.at("enableKeyRotation"), (rotates) => rotates.flag() === true);
    report.expect(key.at("rotationPeriodInDays"), (days) => days.isAbsent || (days.number() ?? 0) <= 365);
  },
  remediate(inputs) {
    const spec = inputs["customerMasterKeySpec"] ?? inputs["keySpec"] ?? SYMMETRIC;
    if (spec !== SYMMETRIC || inputs["customKeyStoreId"] !== undefined || inputs["enableKeyRotation"] === true)
      return false;
    inputs["enableKeyRotation"] = true;
    return true;
  },
});
