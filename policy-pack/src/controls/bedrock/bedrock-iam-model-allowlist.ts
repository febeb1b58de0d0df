import { resourcePolicy } from "../../frame/policy";
import { globMatches } from "../../iam/match";
import { IDENTITY_TYPES } from "../../iam/sources";
import { eachInvocation } from "./invoke";

/** The part of a model's or profile's ARN that says which it is; a wildcard there admits models that nobody has priced. */
const SUBJECT =
  /:(foundation-model|inference-profile|application-inference-profile|custom-model|provisioned-model|imported-model)\/(.+)$/;

/** A new model appears in Bedrock without asking; its price and where it runs are a decision. */
export const bedrockIamModelAllowlist = resourcePolicy({
  name: "bedrock-iam-model-allowlist",
  description: "Whoever may invoke models may invoke named ones only",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-6"], aisf: ["IAM-02"], "cdk-nag": ["IAM5"] },
  remediation:
    "Name foundation models and inference profiles by their ids. Application profiles, whose ids are random, may be chosen by a condition on aws:ResourceTag.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html",
  types: IDENTITY_TYPES,
  config: {
    models: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of the model and profile ids that are accepted; none means any that is named",
      default: [],
    },
  },
  check(resource, report, config) {
    const accepted = config
      .at("models")
      .items()
      .map((pattern) => pattern.text() ?? "");
    eachInvocation(resource, report, (statement) => {
      const byTag = statement
        .conditions()
        .some(
          ({ key, operator, ifExists }) =>
            key.startsWith("aws:resourcetag/") &&
            operator.startsWith("string") &&
            !operator.includes("not") &&
            !ifExists,
        );
      const resources = statement.resources;
      if (resources === "unknown") {
        report.undeterminable(statement.member("Resource"));
        return;
      }
      for (const pattern of resources) {
        const [, kind, id = ""] = SUBJECT.exec(pattern) ?? [];
        if (kind === "application-inference-profile" && byTag) continue;
        if (kind === undefined ? pattern.includes("*") : /^[*?]/.test(id) || /^[^.]*\.?\*$/.test(id)) {
          report.violation(`${statement.value.path} allows every model that ${pattern} matches`);
        } else if (
          kind !== "application-inference-profile" &&
          accepted.length > 0 &&
          !accepted.some((model) => globMatches(model, id))
        ) {
          report.violation(`${statement.value.path} allows ${id}, which is not among the accepted models`);
        }
      }
    });
  },
});
