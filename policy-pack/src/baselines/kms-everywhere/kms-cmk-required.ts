import { AWS_OWNED_KEYS_ONLY, type KmsRow } from "../../data/kms-knowledge";
import table from "../../data/kms-table.json";
import { resourcePolicy } from "../../frame/policy";
import { keyFaults } from "./key";

const ROWS = new Map<string, KmsRow[]>();
for (const row of table as readonly KmsRow[]) ROWS.set(row.type, [...(ROWS.get(row.type) ?? []), row]);

/** Checkov's checks of one type each that come to this. */
const CHECKOV = [
  119, 136, 145, 149, 158, 166, 180, 181, 183, 184, 185, 186, 189, 191, 219, 245, 246, 266, 271, 297, 327, 337, 373,
];

/**
 * The use of a customer-managed key can be watched, limited and ended; that of AWS's keys cannot.
 */
export const kmsCmkRequired = resourcePolicy({
  name: "kms-cmk-required",
  description: "Data at rest is encrypted under a customer-managed KMS key",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["EC2.3", "RDS.3", "RDS.27", "S3.17", "SNS.1", "EFS.1"],
    "cis-aws-3.0": ["2.2.1", "2.3.1", "2.4.1", "3.5"],
    "nist-800-53r5": ["SC-13", "SC-28"],
    checkov: CHECKOV.map((id) => `CKV_AWS_${id}` as const),
    trivy: ["AWS-0017", "AWS-0025", "AWS-0027", "AWS-0033", "AWS-0098", "AWS-0132", "AWS-0135", "AWS-0136"],
    "cdk-nag": ["EC26", "RDS2", "SQS2", "EFS1", "AEC3", "R5-S3DefaultEncryptionKMS"],
  },
  remediation: "Name a customer-managed key, and switch the encryption it belongs to on.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#customer-mgn-key",
  types: [...ROWS.keys(), ...Object.keys(AWS_OWNED_KEYS_ONLY)],
  check(resource, report) {
    const owned = AWS_OWNED_KEYS_ONLY[resource.type];
    if (owned !== undefined) {
      if (resource.at("replicationGroupId").isSet) report.notApplicable("its replication group carries the key");
      report.violation(owned, { remedy: "Use a service that takes a key, or have it exempted." });
    }
    report.each(ROWS.get(resource.type) ?? [], (row) => {
      for (const fault of keyFaults(resource, row)) report.decide(fault.broken, fault.where, fault.message);
    });
  },
});
