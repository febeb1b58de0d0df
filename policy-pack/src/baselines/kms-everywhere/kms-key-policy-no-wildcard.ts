import { resourcePolicy } from "../../frame/policy";
import { type Tri, all, attempt, some } from "../../frame/tri";
import { type Statement, statementsOf } from "../../iam/statement";
import { securityHub } from "../../shared/security-hub";
import { KEYS } from "./keys";

/**
 * Condition keys that limit a statement for everyone to the organization's accounts, or to calls
 * that a service makes for it.
 */
const LIMITS = [
  "kms:calleraccount",
  "aws:principalorgid",
  "aws:principalaccount",
  "aws:principalorgpaths",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:userid",
];

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
        () => isForEverybody(statement),
        () => !isLimited(statement),
      );
      report.decide(open, statement.value, `${statement.value.path} admits everybody`);
    });
  },
});

function isForEverybody(statement: Statement): Tri {
  if (statement.member("NotPrincipal").isSet) return true;
  const wildcard = (text: string | undefined): boolean => text === "*" || /^arn:[^:]*:iam::\*:/.test(text ?? "");
  return some(statement.principals(), ({ kind, name }) =>
    /^(service|federated)$/i.test(kind) ? false : attempt(() => wildcard(name.text())),
  );
}

function isLimited(statement: Statement): boolean {
  return statement
    .conditions()
    .some(
      ({ operator, key, ifExists, set, values }) =>
        LIMITS.includes(key) &&
        /^(string|arn)(?!not)/.test(operator) &&
        !ifExists &&
        set !== "ForAllValues" &&
        values.every((value) => value.isUnknown || value.text() !== "*"),
    );
}
