import { stackPolicy } from "../../frame/policy";
import { BUCKETS, BUCKET_ACLS } from "../types";
import { securityHub } from "../urls";
import { reportOpenAcls } from "./acl";

/** Whoever may write to a bucket of artifacts decides what runs on every workspace. */
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
