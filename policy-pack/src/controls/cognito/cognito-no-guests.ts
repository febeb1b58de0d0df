import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

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
