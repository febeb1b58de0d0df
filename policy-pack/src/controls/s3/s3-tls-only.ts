import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { deniesPlainHttp } from "../transport";
import { BUCKETS, BUCKET_POLICIES } from "../types";
import { securityHub } from "../urls";

/** A request that is signed but not encrypted shows its object to whoever carries it. */
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
    "Add a statement to the bucket's policy that denies s3:* to everyone where aws:SecureTransport is false.",
  url: securityHub("S3.5"),
  types: BUCKETS,
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...BUCKETS), (bucket) => {
      if (bucket.at("policy").isSet && deniesPlainHttp(bucket.at("policy"), "s3:GetObject")) return;
      demandCompanion(
        stack,
        report,
        bucket,
        BUCKET_POLICIES,
        "bucket",
        "no policy of the bucket denies requests without TLS",
        (policy) => deniesPlainHttp(policy.at("policy"), "s3:GetObject"),
      );
    });
  },
});
