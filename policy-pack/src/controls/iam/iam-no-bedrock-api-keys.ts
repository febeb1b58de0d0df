import { resourcePolicy } from "../../frame/policy";

/** A Bedrock API key calls models past the gateway, its budgets and its log, for as long as it lives. */
export const iamNoBedrockApiKeys = resourcePolicy({
  name: "iam-no-bedrock-api-keys",
  description: "There are no long-lived Bedrock API keys",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["IA-5"], aisf: ["IAM-01"] },
  remediation: "Remove the credential; call models through the gateway with a virtual key.",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
  types: ["aws:iam/serviceSpecificCredential:ServiceSpecificCredential"],
  check(credential, report) {
    const service = credential.at("serviceName");
    report.expect(service, () => service.text() !== "bedrock.amazonaws.com");
  },
});
