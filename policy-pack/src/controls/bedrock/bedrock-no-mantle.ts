import { resourcePolicy } from "../../frame/policy";
import { globsOverlap } from "../../iam/match";
import { IDENTITY_TYPES } from "../../iam/sources";
import { actionPatterns, eachAllow } from "../iam-reading";

/** Calls by bedrock-mantle stand neither under a Deny of bedrock actions nor in Bedrock's invocation log. */
export const bedrockNoMantle = resourcePolicy({
  name: "bedrock-no-mantle",
  description: "Nobody may call models by Bedrock's second door, bedrock-mantle",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6", "AU-2"], aisf: ["IAM-02"] },
  remediation: "Remove the bedrock-mantle actions; call models by bedrock:InvokeModel.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html",
  types: IDENTITY_TYPES,
  check(resource, report) {
    eachAllow(resource, report, (statement) => {
      const open = actionPatterns(statement).filter((action) => globsOverlap(action.toLowerCase(), "bedrock-mantle:*"));
      if (open.length > 0) report.violation(`${statement.value.path} allows ${open.join(", ")}`);
    });
  },
});
