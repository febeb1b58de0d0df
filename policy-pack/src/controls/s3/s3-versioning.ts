import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { BUCKETS, BUCKET_VERSIONINGS } from "../types";
import { securityHub } from "../urls";

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
