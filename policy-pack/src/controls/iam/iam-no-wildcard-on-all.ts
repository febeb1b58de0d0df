import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { actionPatterns, eachAllow, isUnlimited } from "../iam-reading";

/** What a wildcard matches grows with every release of the service, on every resource there will ever be. */
export const iamNoWildcardOnAll = resourcePolicy({
  name: "iam-no-wildcard-on-all",
  description: "Actions with wildcards are limited to resources",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["AC-6"], checkov: ["CKV_AWS_355"], "cdk-nag": ["IAM5"] },
  remediation: "Write the actions out, or name the resources.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      if (!isUnlimited(statement)) return;
      const wild = actionPatterns(statement).filter((action) => /[*?]/.test(action));
      if (wild.length > 0) report.violation(`${statement.value.path} allows ${wild.join(", ")} on every resource`);
    });
  },
});
