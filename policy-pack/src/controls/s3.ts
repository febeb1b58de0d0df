import { resourcePolicy, stackPolicy } from "../frame/policy";
import { attempt, some } from "../frame/tri";
import { Undeterminable, type Value } from "../frame/value";
import { BUCKET_CALLS, coversBucket } from "../iam/bucket-coverage";
import { reportPublic } from "../iam/public-access";
import { deniesPlainHttp } from "../iam/transport";
import { reportOpenAcls, reportOpenGrants } from "../shared/acl";
import { demandCompanion } from "../shared/companion";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";
import {
  BUCKETS,
  BUCKET_ACLS,
  BUCKET_LIFECYCLES,
  BUCKET_LOGGINGS,
  BUCKET_POLICIES,
  BUCKET_VERSIONINGS,
  PUBLIC_ACCESS_BLOCKS,
} from "../shared/types";

/**
 * Who read which object is known from CloudTrail's data events or from access logs; this asks for
 * the latter, which cost only storage.
 */
export const s3AccessLogging = stackPolicy({
  name: "s3-access-logging",
  description: "Every bucket logs the requests made to it",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["S3.9"],
    "cis-aws-3.0": ["3.4"],
    "nist-800-53r5": ["AU-2"],
    checkov: ["CKV_AWS_18"],
    trivy: ["AWS-0089"],
    "cdk-nag": ["S1"],
  },
  remediation:
    "Add an aws.s3.BucketLogging for the bucket, or record data events of the bucket in CloudTrail. A bucket that only takes logs needs none.",
  url: securityHub("S3.9"),
  types: BUCKETS,
  checkStack(stack, report) {
    const buckets = stack.ofType(...BUCKETS);
    const loggings = stack.ofType(...BUCKET_LOGGINGS);
    report.eachResource(buckets, (bucket) => {
      if (bucket.at("logging").isSet) return;
      const takesLogs = some([...loggings, ...buckets], (other) =>
        attempt(() => stack.refers(other, buckets.includes(other) ? "logging.targetBucket" : "targetBucket", bucket)),
      );
      if (takesLogs === true) report.notApplicable("the bucket takes other buckets' logs");
      if (takesLogs === "unknown") {
        report.undeterminable("targetBucket", "is not known yet and may name this bucket");
        return;
      }
      demandCompanion(stack, report, bucket, BUCKET_LOGGINGS, "bucket", "requests to the bucket are not logged");
    });
  },
});

/**
 * With ACLs off, policies alone say who may read, and the account owns every object written to its
 * bucket.
 */
export const s3AclDisabled = resourcePolicy({
  name: "s3-acl-disabled",
  description: "Access control lists are off: the bucket's owner owns every object",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["S3.12"], "nist-800-53r5": ["AC-3"], checkov: ["CKV2_AWS_65"], trivy: ["AWS-0092"] },
  remediation: "Set rule.objectOwnership to BucketOwnerEnforced.",
  url: securityHub("S3.12"),
  types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  check(controls, report) {
    report.expect(controls.at("rule.objectOwnership"), (ownership) => ownership.text() === "BucketOwnerEnforced");
  },
});

/** Reading the list tells an intruder whom to impersonate; writing it hands over the bucket. */
export const s3AclNoPublicPermissions = resourcePolicy({
  name: "s3-acl-no-public-permissions",
  description: "No access control list lets everyone read or change the list itself",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["S3.12"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_375", "CKV2_AWS_43"] },
  remediation: "Remove the ACL and turn ACLs off (objectOwnership BucketOwnerEnforced).",
  url: securityHub("S3.12"),
  types: [...BUCKETS, ...BUCKET_ACLS],
  check(resource, report) {
    reportOpenGrants(resource, report, ["READ_ACP", "WRITE_ACP"]);
  },
});

/**
 * Prompts, logs and artifacts are for the people named in policies; an ACL for everyone is a leak.
 */
export const s3AclNoPublicRead = stackPolicy({
  name: "s3-acl-no-public-read",
  description: "No access control list lets everyone read a bucket",
  severity: "critical",
  level: "mandatory",
  controls: { fsbp: ["S3.2"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_20"], trivy: ["AWS-0092"] },
  remediation: "Remove the ACL and turn ACLs off (objectOwnership BucketOwnerEnforced).",
  url: securityHub("S3.2"),
  types: [...BUCKETS, ...BUCKET_ACLS],
  checkStack(stack, report) {
    reportOpenAcls(stack, report, ["READ"]);
  },
});

/** Write access to a bucket of artifacts decides what runs on every workspace. */
export const s3AclNoPublicWrite = stackPolicy({
  name: "s3-acl-no-public-write",
  description: "No access control list lets everyone write to a bucket",
  severity: "critical",
  level: "mandatory",
  controls: { fsbp: ["S3.3"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_57"] },
  remediation: "Remove the ACL and turn ACLs off (objectOwnership BucketOwnerEnforced).",
  url: securityHub("S3.3"),
  types: [...BUCKETS, ...BUCKET_ACLS],
  checkStack(stack, report) {
    reportOpenAcls(stack, report, ["WRITE"]);
  },
});

/**
 * Objects without a lifecycle are billed for ever, and prompts and logs outlive their agreed
 * retention.
 */
export const s3Lifecycle = stackPolicy({
  name: "s3-lifecycle",
  description: "Every bucket has a lifecycle configuration",
  severity: "low",
  level: "mandatory",
  controls: { fsbp: ["S3.13"], "nist-800-53r5": ["SI-12"], checkov: ["CKV2_AWS_61"], area: ["cost"] },
  remediation:
    "Add an aws.s3.BucketLifecycleConfiguration for the bucket that ends old versions and unfinished uploads.",
  url: securityHub("S3.13"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      if (bucket.at("lifecycleRules").items().length > 0) return;
      demandCompanion(
        stack,
        report,
        bucket,
        BUCKET_LIFECYCLES,
        "bucket",
        "no lifecycle configuration names the bucket",
      );
    });
  },
});

/**
 * Parts of uploads that were never finished are invisible in listings and paid for all the same.
 */
export const s3LifecycleAbortUploads = resourcePolicy({
  name: "s3-lifecycle-abort-uploads",
  description: "Lifecycle configurations end unfinished uploads, for the whole bucket",
  severity: "low",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-12"], checkov: ["CKV_AWS_300"], area: ["cost"] },
  remediation:
    "Add an enabled rule with abortIncompleteMultipartUpload.daysAfterInitiation of 7 and no filter to narrow it.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
  types: BUCKET_LIFECYCLES,
  check(configuration, report) {
    const rules = configuration.at("rules").items();
    let unknown: Undeterminable | undefined;
    for (const rule of rules) {
      try {
        if (endsUploads(rule)) return;
      } catch (error) {
        if (!(error instanceof Undeterminable)) throw error;
        unknown ??= error;
      }
    }
    if (unknown) throw unknown;
    report.violation("no enabled rule for the whole bucket has abortIncompleteMultipartUpload");
  },
});

function endsUploads(rule: Value): boolean {
  const days = rule.at("abortIncompleteMultipartUpload.daysAfterInitiation");
  if (days.isAbsent || rule.at("status").text() !== "Enabled") return false;
  const filter = rule.at("filter");
  const narrowing = ["and", "tag", "objectSizeGreaterThan", "objectSizeLessThan"].some((key) => filter.at(key).isSet);
  const prefix = rule.at("prefix").text() ?? filter.at("prefix").text() ?? "";
  return !narrowing && prefix === "" && (days.number() ?? 0) > 0;
}

/** A bucket policy for everyone is public, unless a condition says from where. */
export const s3NoAnyPrincipal = resourcePolicy({
  name: "s3-no-any-principal",
  description: "No bucket policy allows everyone",
  severity: "critical",
  level: "mandatory",
  controls: { fsbp: ["S3.2", "S3.6"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_70"] },
  remediation: "Name the principals, or add a condition on aws:SourceVpce, aws:PrincipalOrgID or the like.",
  url: securityHub("S3.6"),
  types: [...BUCKETS, ...BUCKET_POLICIES, "aws:s3/accessPoint:AccessPoint"],
  check(bucket, report) {
    reportPublic(bucket.at("policy"), report);
  },
});

/** The two flags that close the bucket; s3-public-access-block-flags demands all four. */
const BLOCKING_FLAGS = ["blockPublicAcls", "blockPublicPolicy"] as const;

/**
 * The account's own setting can be switched off by another stack; a bucket's own block stays with
 * it.
 */
export const s3PublicAccessBlock = stackPolicy({
  name: "s3-public-access-block",
  description: "Every bucket blocks public access, by ACL and by policy",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["S3.8", "S3.2", "S3.3"],
    "cis-aws-3.0": ["2.1.4"],
    "nist-800-53r5": ["AC-3", "SC-7"],
    checkov: ["CKV2_AWS_6"],
    trivy: ["AWS-0094"],
    "cdk-nag": ["S2"],
  },
  remediation: "Add an aws.s3.BucketPublicAccessBlock for the bucket with all four flags true.",
  url: securityHub("S3.8"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      const missing = "no public access block of this stack closes the bucket";
      demandCompanion(stack, report, bucket, PUBLIC_ACCESS_BLOCKS, "bucket", missing, (block) =>
        BLOCKING_FLAGS.every((flag) => block.at(flag).flag() === true),
      );
    });
  },
});

const ALL_FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** Each of the four flags closes one door; AWS opens each that is not named. */
export const s3PublicAccessBlockFlags = resourcePolicy({
  name: "s3-public-access-block-flags",
  description: "A public access block has all four flags on",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["S3.1", "S3.8"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
    trivy: ["AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093"],
  },
  remediation: `Set ${ALL_FLAGS.join(", ")} to true.`,
  url: securityHub("S3.8"),
  types: [...PUBLIC_ACCESS_BLOCKS, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
  check(block, report) {
    for (const flag of ALL_FLAGS) report.expect(block.at(flag), (value) => value.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, Object.fromEntries(ALL_FLAGS.map((flag) => [flag, true])));
  },
});

/** A request that is signed but not encrypted shows its object to everyone on the path. */
export const s3TlsOnly = stackPolicy({
  name: "s3-tls-only",
  description: "Every bucket refuses requests without TLS",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["S3.5"],
    "cis-aws-3.0": ["2.1.1"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_379"],
    "cdk-nag": ["S10"],
  },
  remediation:
    "Add a statement to the bucket's policy that denies everyone s3:* on the bucket and its objects where aws:SecureTransport is false.",
  url: securityHub("S3.5"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      const denies = (policy: Value): boolean =>
        deniesPlainHttp(
          policy,
          BUCKET_CALLS.map(([action, part]) => ({
            action,
            covered: (statement) => coversBucket(statement, part, bucket.at("bucket")),
          })),
        );
      if (bucket.at("policy").isSet && denies(bucket.at("policy"))) return;
      demandCompanion(
        stack,
        report,
        bucket,
        BUCKET_POLICIES,
        "bucket",
        "no policy of the bucket denies reading, writing and listing without TLS",
        (policy) => denies(policy.at("policy")),
      );
    });
  },
});

/** A version that was overwritten or deleted, by mistake or by an intruder, can be brought back. */
export const s3Versioning = stackPolicy({
  name: "s3-versioning",
  description: "Every bucket keeps versions of its objects",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["S3.14"],
    "nist-800-53r5": ["CP-9"],
    checkov: ["CKV_AWS_21"],
    trivy: ["AWS-0090"],
    "cdk-nag": ["R5-S3BucketVersioningEnabled"],
  },
  remediation:
    "Add an aws.s3.BucketVersioning for the bucket with status Enabled, and a lifecycle rule that ends old versions.",
  url: securityHub("S3.14"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      if (bucket.at("versioning.enabled").flag() === true) return;
      demandCompanion(
        stack,
        report,
        bucket,
        BUCKET_VERSIONINGS,
        "bucket",
        "the bucket keeps no versions",
        (versioning) => versioning.at("versioningConfiguration.status").text() === "Enabled",
      );
    });
  },
});
