import { resourcePolicy } from "../../frame/policy";
import { IDENTITY_TYPES } from "../../iam/sources";
import { eachAllow } from "../iam-reading";

/** A subscription is a contract: a person makes it once, at bootstrap. */
export const bedrockNoMarketplace = resourcePolicy({
  name: "bedrock-no-marketplace",
  description: "No program may subscribe to models",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], area: ["cost"] },
  remediation: "Remove aws-marketplace:Subscribe; an administrator accepts a model's offer once per account.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const granted = ["aws-marketplace:Subscribe", "bedrock:CreateFoundationModelAgreement"].filter(
        (action) => statement.matchesAction(action) === true,
      );
      if (granted.length > 0) report.violation(`${statement.value.path} allows ${granted.join(", ")}`);
    });
  },
});
