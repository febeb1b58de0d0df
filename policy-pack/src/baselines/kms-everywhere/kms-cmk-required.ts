import { AWS_OWNED_KEYS_ONLY, type KmsRow } from "../../data/kms-knowledge";
import table from "../../data/kms-table.json";
import { resourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import { all, attempt, some } from "../../frame/tri";
import { Undeterminable } from "../../frame/value";
import type { ResourceView, StackView } from "../../frame/view";
import { takesOwnKeysOnly } from "../../shared/log-buckets";
import { BUCKETS } from "../../shared/types";
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
    if (isForStack(resource)) return;
    judgeKeys(resource, report);
  },
  settle(stack, report) {
    report.eachResource(stack.ofType(...LEFT_TO_STACK), (resource) => {
      if (!isForStack(resource) || isExcused(stack, resource)) return;
      judgeKeys(resource, report);
    });
  },
});

const OBJECTS = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"];
const CONFIGURATIONS = ["", "V2"].map(
  (suffix) =>
    `aws:s3/bucketServerSideEncryptionConfiguration${suffix}:BucketServerSideEncryptionConfiguration${suffix}`,
);
const LEFT_TO_STACK = [...OBJECTS, ...CONFIGURATIONS];

/**
 * An object without a key has its bucket's, and S3's own keys are the only ones for some logs: the
 * whole stack decides. A bucket in Terraform's interpolation is of no stack.
 */
function isForStack(resource: ResourceView): boolean {
  if (OBJECTS.includes(resource.type)) {
    const isInterpolated = attempt(() => resource.at("bucket").text()?.startsWith("${") === true) === true;
    return resource.at("kmsKeyId").isAbsent && resource.at("serverSideEncryption").isAbsent && !isInterpolated;
  }
  return CONFIGURATIONS.includes(resource.type) && attempt(() => usesOwnKeys(resource)) === true;
}

function usesOwnKeys(configuration: ResourceView): boolean {
  const rules = configuration.at("rules").items();
  return rules.some((rule) => rule.at("applyServerSideEncryptionByDefault.sseAlgorithm").text() === "AES256");
}

/** Another policy judges the bucket, or AWS takes no other key. Throws when that is unknown. */
function isExcused(stack: StackView, resource: ResourceView): boolean {
  const isObject = OBJECTS.includes(resource.type);
  const answer = some(stack.ofType(...BUCKETS), (bucket) =>
    all(
      () => stack.refers(resource, "bucket", bucket),
      () => isObject || takesOwnKeysOnly(stack, bucket),
    ),
  );
  if (answer === "unknown") throw new Undeterminable("bucket", "is not known yet, and may have a key of its own");
  return answer;
}

function judgeKeys(resource: ResourceView, report: Report): void {
  const owned = AWS_OWNED_KEYS_ONLY[resource.type];
  if (owned !== undefined) {
    if (resource.at("replicationGroupId").isSet) report.notApplicable("its replication group carries the key");
    report.violation(owned, { remedy: "Use a service that takes a key, or have it exempted." });
  }
  report.each(ROWS.get(resource.type) ?? [], (row) => {
    for (const fault of keyFaults(resource, row)) report.decide(fault.broken, fault.where, fault.message);
  });
}
