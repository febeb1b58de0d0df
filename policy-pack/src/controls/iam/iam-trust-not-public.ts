import { resourcePolicy } from "../../frame/policy";
import { TRUST_TYPES, trustDocument } from "../../iam/sources";
import { reportPublic } from "../public-access";

/** A role that everyone may assume is everyone's. */
export const iamTrustNotPublic = resourcePolicy({
  name: "iam-trust-not-public",
  description: "No role can be assumed by everyone",
  severity: "critical",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_60"] },
  remediation: "Name the principals that may assume the role.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
  types: TRUST_TYPES,
  check(role, report) {
    reportPublic(trustDocument(role), report);
  },
});
