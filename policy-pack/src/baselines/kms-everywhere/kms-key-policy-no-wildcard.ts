import { resourcePolicy } from "../../frame/policy";
import { all } from "../../frame/tri";
import { isEveryone, isLimited } from "../../iam/public-access";
import { statementsOf } from "../../iam/statement";
import { securityHub } from "../../shared/security-hub";
import { KEYS } from "./keys";

/** Everyone who may use the key can read the data that it protects. */
export const kmsKeyPolicyNoWildcard = resourcePolicy({
  name: "kms-key-policy-no-wildcard",
  description: "Key policies admit named principals, or everybody of one's own account only",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["kms-everywhere"],
    fsbp: ["KMS.5"],
    "nist-800-53r5": ["AC-3", "SC-12"],
    checkov: ["CKV_AWS_33"],
  },
  remediation: "Name the principals, or add a condition on kms:CallerAccount or aws:PrincipalOrgID.",
  url: securityHub("KMS.5"),
  types: [...KEYS, "aws:kms/keyPolicy:KeyPolicy"],
  check(key, report) {
    if (key.at("policy").isAbsent)
      report.notApplicable("it states no policy, and so has AWS's default, for its own account");
    report.each(statementsOf(key.at("policy")), (statement) => {
      const open = all(
        () => statement.allows,
        () => isEveryone(statement),
        () => !isLimited(statement),
      );
      report.decide(open, statement.value, `${statement.value.path} admits everybody`);
    });
  },
});
