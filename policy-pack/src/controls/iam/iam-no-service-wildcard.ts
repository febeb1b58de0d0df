import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { actionPatterns, eachAllow, isUnlimited } from "../iam-reading";
import { securityHub } from "../urls";

/** A service's actions include those that give its resources away. */
export const iamNoServiceWildcard = resourcePolicy({
  name: "iam-no-service-wildcard",
  description: "No policy allows all actions of a service on every resource",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["IAM.21"],
    "nist-800-53r5": ["AC-6"],
    checkov: ["CKV_AWS_290"],
    trivy: ["AWS-0345"],
    "cdk-nag": ["IAM5", "R5-IAMPolicyNoStatementsWithFullAccess"],
  },
  remediation: "Name the actions that are needed, or the resources they are for.",
  url: securityHub("IAM.21"),
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (!isUnlimited(statement)) return;
      for (const action of actionPatterns(statement)) {
        if (/^[a-z0-9-]+:\*+$/i.test(action))
          report.violation(`${statement.value.path} allows ${action} on every resource`);
      }
    });
  },
});
