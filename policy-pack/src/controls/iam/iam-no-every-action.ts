import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { actionPatterns, eachAllow } from "../iam-reading";

/** Even on one resource, every action includes those that delete it and those that hand it to others. */
export const iamNoEveryAction = resourcePolicy({
  name: "iam-no-every-action",
  description: "No policy allows every action",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_63"], "cdk-nag": ["IAM5"] },
  remediation: "Name the actions that are needed, or at least their service.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (actionPatterns(statement).some((action) => /^[*:]*\*[*:]*$/.test(action))) {
        report.violation(`${statement.value.path} allows every action`);
      }
    });
  },
});
