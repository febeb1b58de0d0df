import { resourcePolicy } from "../../frame/policy";
import { reportPublic } from "../public-access";
import { set } from "../remedy";

/** A secret that everyone may read is none. */
export const secretPolicyNotPublic = resourcePolicy({
  name: "secret-policy-not-public",
  description: "No secret's policy allows everyone",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"] },
  remediation: "Name the principals, and set blockPublicPolicy to true.",
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
  types: ["aws:secretsmanager/secretPolicy:SecretPolicy", "aws:secretsmanager/secret:Secret"],
  check(secret, report) {
    reportPublic(secret.at("policy"), report);
    if (secret.type.endsWith(":SecretPolicy"))
      report.expect(secret.at("blockPublicPolicy"), (block) => block.flag() !== false);
  },
  remediate(inputs, type) {
    if (!type.endsWith(":SecretPolicy")) return false;
    return "blockPublicPolicy" in inputs && set(inputs, { blockPublicPolicy: true });
  },
});
