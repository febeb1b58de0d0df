import { resourcePolicy } from "../../frame/policy";
import { BUCKETS, BUCKET_ACLS } from "../types";
import { securityHub } from "../urls";
import { reportOpenGrants } from "./acl";

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
