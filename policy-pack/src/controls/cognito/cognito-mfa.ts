import { resourcePolicy } from "../../frame/policy";

/** A password alone is one phishing mail away from being somebody else's. */
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
