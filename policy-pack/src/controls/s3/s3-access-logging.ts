import { stackPolicy } from "../../frame/policy";
import { attempt, some } from "../../frame/tri";
import { demandCompanion } from "../companion";
import { BUCKETS, BUCKET_LOGGINGS } from "../types";
import { securityHub } from "../urls";

/** Who read which object is known from CloudTrail's data events or from access logs; this asks for the latter, which cost only storage. */
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
