import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { BUCKETS, BUCKET_LIFECYCLES } from "../types";
import { securityHub } from "../urls";

/** What nobody deletes is paid for every month, and prompt texts and logs are not to be kept longer than agreed. */
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
