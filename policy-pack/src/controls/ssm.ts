import { resourcePolicy } from "../frame/policy";
import { secretIn, secretNamed } from "../shared/secret-text";

/**
 * A String parameter is shown to everyone who may list parameters; a SecureString under AWS's own
 * key to everyone who may read them.
 */
export const ssmParameterSecure = resourcePolicy({
  name: "ssm-parameter-secure",
  description: "Secret parameters are encrypted with a customer-managed key",
  severity: "medium",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-28"], checkov: ["CKV_AWS_337", "CKV2_AWS_34"] },
  remediation: "Set type to SecureString with keyId, and never put a secret into a String or insecureValue.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
  types: ["aws:ssm/parameter:Parameter"],
  check(parameter, report) {
    if (parameter.at("type").text() === "SecureString") {
      const key = parameter.at("keyId");
      report.expect(key, () => key.isUnknown || !/^(?:|.*alias\/aws\/.*)$/.test(key.text() ?? ""));
      return;
    }
    const name = parameter.at("name").isUnknown ? "" : (parameter.at("name").text()?.split("/").at(-1) ?? "");
    for (const key of ["value", "insecureValue"]) {
      report.guard(() => {
        const value = parameter.at(key).text() ?? "";
        const kind = secretIn(value);
        if (kind !== undefined) report.violation(`${key} holds ${kind}`);
        else if (secretNamed(name, value)) report.violation(`${key} holds a secret, as the parameter's name says`);
      });
    }
  },
});
