import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

/** A key that leaked is worth as much as the time until it changes. */
export const secretRotation = stackPolicy({
  name: "secret-rotation",
  description: "Every secret rotates by itself",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["SecretsManager.1"], "nist-800-53r5": ["IA-5"], checkov: ["CKV2_AWS_57"], "cdk-nag": ["SMG4"] },
  remediation:
    "Add an aws.secretsmanager.SecretRotation for the secret. One that must never change (a salt) needs an exemption that says why.",
  url: securityHub("SecretsManager.1"),
  types: ["aws:secretsmanager/secret:Secret"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:secretsmanager/secret:Secret"), (secret) =>
      demandCompanion(
        stack,
        report,
        secret,
        ["aws:secretsmanager/secretRotation:SecretRotation"],
        "secretId",
        "nothing rotates the secret",
      ),
    );
  },
});
