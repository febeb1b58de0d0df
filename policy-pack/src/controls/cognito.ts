import { resourcePolicy } from "../frame/policy";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";

/** A password alone does not stop phishing. */
export const cognitoMfa = resourcePolicy({
  name: "cognito-mfa",
  description: "User pools demand a second factor",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["Cognito.3"], "nist-800-53r5": ["IA-2(1)"], "cdk-nag": ["COG2"] },
  remediation: 'Set mfaConfiguration to "ON".',
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
  types: ["aws:cognito/userPool:UserPool"],
  check(pool, report) {
    report.expect(pool.at("mfaConfiguration"), (mfa) => mfa.text() === "ON");
  },
});

/** A guest gets AWS credentials without signing in. */
export const cognitoNoGuests = resourcePolicy({
  name: "cognito-no-guests",
  description: "Identity pools give nobody credentials who has not signed in",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["Cognito.2"], "nist-800-53r5": ["IA-2"], checkov: ["CKV_AWS_366"], "cdk-nag": ["COG7"] },
  remediation: "Leave allowUnauthenticatedIdentities and allowClassicFlow out, or set them to false.",
  url: securityHub("Cognito.2"),
  types: ["aws:cognito/identityPool:IdentityPool"],
  check(pool, report) {
    for (const key of ["allowUnauthenticatedIdentities", "allowClassicFlow"])
      report.expect(pool.at(key), (allowed) => allowed.flag() !== true);
  },
  remediate(inputs) {
    const open = ["allowUnauthenticatedIdentities", "allowClassicFlow"].filter((key) => key in inputs);
    return set(inputs, Object.fromEntries(open.map((key) => [key, false])));
  },
});
