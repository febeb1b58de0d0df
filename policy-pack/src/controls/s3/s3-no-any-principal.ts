import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";
import { BUCKETS, BUCKET_POLICIES } from "../types";
import { securityHub } from "../urls";

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
