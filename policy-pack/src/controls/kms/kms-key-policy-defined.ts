import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";

/** Without a policy of its own a key is anyone's to whom an administrator of the account gives it. */
export const kmsKeyPolicyDefined = stackPolicy({
  name: "kms-key-policy-defined",
  description: "Every key has a policy of its own",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-12"], checkov: ["CKV2_AWS_64"] },
  remediation:
    "Set policy on the key, or add an aws.kms.KeyPolicy, that names the account and the services that use the key.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
  types: ["aws:kms/key:Key"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:kms/key:Key"), (key) => {
      const policy = key.at("policy");
      if (policy.isUnknown || (policy.isSet && policy.known() !== "")) return;
      demandCompanion(
        stack,
        report,
        key,
        ["aws:kms/keyPolicy:KeyPolicy"],
        "keyId",
        "neither the key nor an aws.kms.KeyPolicy states a policy",
      );
    });
  },
});
