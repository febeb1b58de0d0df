import { resourcePolicy } from "../../frame/policy";
import { globMatches } from "../../iam/match";
import { IDENTITY_TYPES } from "../../iam/sources";
import { eachInvocation } from "./invoke";

/** A workspace or a function that calls Bedrock itself escapes keys, budgets, limits and the log of the gateway. */
export const bedrockOnlyGatewayInvokes = resourcePolicy({
  name: "bedrock-only-gateway-invokes",
  description: "Only the gateway may invoke models",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], aisf: ["IAM-02"] },
  remediation:
    "Call models through the gateway with a virtual key; or add the role's name to this policy's setting invokers, and say why in the review.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/security-iam.html",
  types: IDENTITY_TYPES,
  config: {
    invokers: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of the names of policies and roles that may invoke models",
      default: ["*gateway*", "*litellm*", "*bedrock-batch*"],
    },
  },
  check(resource, report, config) {
    const invokers = config
      .at("invokers")
      .items()
      .map((pattern) => pattern.text() ?? "");
    const names = [
      resource.name,
      ...["name", "role"].flatMap((key) => (resource.at(key).isUnknown ? [] : (resource.at(key).text() ?? []))),
    ];
    if (names.some((name) => invokers.some((pattern) => globMatches(pattern, name, true)))) return;
    eachInvocation(resource, report, (statement) =>
      report.violation(`${statement.value.path} allows invoking models past the gateway`),
    );
  },
});
