import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { BUCKETS, PUBLIC_ACCESS_BLOCKS } from "../types";
import { securityHub } from "../urls";

/** What makes a block one; that all four flags are on is the business of s3-public-access-block-flags. */
const FLAGS = ["blockPublicAcls", "blockPublicPolicy"] as const;

/** The account's own setting can be switched off by another stack; a bucket's own block stays with it. */
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
        FLAGS.every((flag) => block.at(flag).flag() === true),
      );
    });
  },
});
