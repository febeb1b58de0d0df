import { stackPolicy } from "../../frame/policy";
import { BUCKETS, BUCKET_ACLS } from "../types";
import { securityHub } from "../urls";
import { reportOpenAcls } from "./acl";

/** Prompts, logs and artifacts are for the people named in policies; an ACL for everyone is a leak. */
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
