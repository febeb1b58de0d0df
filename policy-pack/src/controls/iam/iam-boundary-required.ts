import { resourcePolicy } from "../../frame/policy";
import { trustDocument } from "../../iam/sources";
import { holdingOf } from "../../iam/trust";

/** A boundary is what a role can never do, whatever is attached to it later by whomever may attach. */
export const iamBoundaryRequired = resourcePolicy({
  name: "iam-boundary-required",
  description: "Roles that people assume have a permissions boundary",
  severity: "medium",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-5", "AC-6"] },
  remediation: "Set permissionsBoundary to the policy that says what people's roles may do at most.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  types: ["aws:iam/role:Role"],
  check(role, report) {
    const boundary = role.at("permissionsBoundary");
    if (boundary.isSet) return;
    // Reading the trust policy says that it is unknown, where it is.
    trustDocument(role).document();
    if (["services", "machines"].includes(holdingOf(role))) report.notApplicable("only AWS services assume the role");
    report.violation("permissionsBoundary is not set");
  },
});
