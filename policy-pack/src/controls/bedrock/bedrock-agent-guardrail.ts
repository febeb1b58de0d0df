import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** An agent acts on what it reads; without a guardrail on whatever it reads. */
export const bedrockAgentGuardrail = resourcePolicy({
  name: "bedrock-agent-guardrail",
  description: "Bedrock agents work behind a guardrail",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-10"], aisf: ["AI-01"], checkov: ["CKV_AWS_383"] },
  remediation: "Set guardrailConfigurations with guardrailIdentifier and guardrailVersion.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html",
  types: ["aws:bedrock/agentAgent:AgentAgent"],
  check(agent, report) {
    const guardrails = agent.at("guardrailConfigurations");
    const named = (guardrail: Value): boolean => guardrail.isUnknown || guardrail.at("guardrailIdentifier").isSet;
    report.expect(guardrails, () => guardrails.items().some(named), "guardrailConfigurations names no guardrail");
  },
});
