import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { actionPatterns, eachAllow } from "../iam-reading";
import { securityHub } from "../urls";

/** Whoever may do everything needs no other permission, and may give himself any. */
export const iamNoAdmin = resourcePolicy({
  name: "iam-no-admin",
  description: "No policy allows everything on everything",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.1"],
    "cis-aws-3.0": ["1.16"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_62"],
    trivy: ["AWS-0057"],
    "cdk-nag": ["IAM5", "R5-IAMPolicyNoStatementsWithAdminAccess"],
  },
  remediation: "Name the actions and resources that are needed.",
  url: securityHub("IAM.1"),
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (statement.coversEverything !== true) return;
      if (statement.member("NotAction").isSet)
        report.violation(`${statement.value.path} allows everything but a few actions on every resource`);
      else if (actionPatterns(statement).some((action) => /^[*:]*\*[*:]*$/.test(action))) {
        report.violation(`${statement.value.path} allows every action on every resource`);
      }
    });
  },
});
