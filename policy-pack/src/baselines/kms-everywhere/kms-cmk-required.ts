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

/** A key of one's own is the only one whose use one can watch, limit and end. */
export const kmsCmkRequired = resourcePolicy({
  name: "kms-cmk-required",
  description: "Data at rest is encrypted under a customer-managed KMS key",
  severity: "high",
  level: "mandatory",
  tags: [
    "baseline:kms-everywhere",
    ...["EC2.3", "RDS.3", "RDS.27", "S3.17", "SNS.1", "EFS.1"].map((id) => `fsbp:${id}`),
    ...["2.2.1", "2.3.1", "2.4.1", "3.5"].map((id) => `cis-aws-3.0:${id}`),
    "nist-800-53r5:SC-13",
    "nist-800-53r5:SC-28",
    ...CHECKOV.map((id) => `checkov:CKV_AWS_${id}`),
    ...["0017", "0025", "0027", "0033", "0098", "0132", "0135", "0136"].map((id) => `trivy:AWS-${id}`),
    ...["EC26", "RDS2", "SQS2", "EFS1", "AEC3", "R5-S3DefaultEncryptionKMS"].map((id) => `cdk-nag:${id}`),
  ],
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
