import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** With ACLs off, policies alone say who may read, and the account owns every object written to its bucket. */
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
