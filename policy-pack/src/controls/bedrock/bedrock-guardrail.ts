import { resourcePolicy } from "../../frame/policy";

/** A guardrail that does not look for injected instructions lets a web page give the coding agent its orders. */
export const bedrockGuardrail = resourcePolicy({
  name: "bedrock-guardrail",
  description: "Guardrails filter prompt attacks and personal data",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-10"], aisf: ["AI-01", "AI-02", "AI-03"] },
  remediation:
    "Add a PROMPT_ATTACK filter with inputStrength HIGH, and piiEntitiesConfigs in sensitiveInformationPolicyConfig.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-prompt-attack.html",
  types: ["aws:bedrock/guardrail:Guardrail"],
  check(guardrail, report) {
    report.guard(() => {
      const filters = guardrail.at("contentPolicyConfig.filtersConfigs").items();
      const attack = filters.find((filter) => filter.at("type").text() === "PROMPT_ATTACK");
      if (attack === undefined) report.violation("contentPolicyConfig has no filter of the type PROMPT_ATTACK");
      else report.expect(attack.at("inputStrength"), (strength) => ["MEDIUM", "HIGH"].includes(strength.text() ?? ""));
    });
    report.guard(() => {
      const personal = guardrail.at("sensitiveInformationPolicyConfig");
      const entities = ["piiEntitiesConfigs", "regexesConfigs"].flatMap((key) => personal.at(key).items());
      if (entities.length === 0) report.violation("sensitiveInformationPolicyConfig names no personal data");
    });
  },
});
