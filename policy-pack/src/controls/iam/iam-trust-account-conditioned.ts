import { resourcePolicy } from "../../frame/policy";
import { TRUST_TYPES, trustDocument } from "../../iam/sources";
import { statementsOf } from "../../iam/statement";

/** Condition keys by which a trust in a whole account still says who, or proves that it is meant. */
const TELLING =
  /^(?:aws:(?:multifactorauthpresent|multifactorauthage|principalarn|principalorgid|principalorgpaths|principaltag\/.+|userid|username|sourceidentity)|sts:(?:externalid|sourceidentity|rolesessionname))$/;

/** To trust an account is to trust whoever its administrators let in. */
export const iamTrustAccountConditioned = resourcePolicy({
  name: "iam-trust-account-conditioned",
  description: "A role that trusts a whole account says by a condition whom in it",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_61"] },
  remediation: "Name roles instead of the account, or demand MFA, a source identity or an external id.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  types: TRUST_TYPES,
  check(role, report) {
    const document = trustDocument(role);
    if (document.isAbsent) return;
    report.each(statementsOf(document), (statement) => {
      if (!statement.allows) return;
      const told = statement
        .conditions()
        .some(
          ({ key, operator, ifExists, set }) =>
            TELLING.test(key) &&
            !ifExists &&
            set !== "ForAllValues" &&
            operator !== "null" &&
            !operator.includes("not"),
        );
      if (told) return;
      report.each(statement.principals(), ({ kind, name }) => {
        if (kind !== "AWS") return;
        if (/^\d{12}$|^arn:[^:]+:iam::\d{12}:root$/.test(name.text() ?? "")) {
          report.violation(`${name.path} trusts the whole account ${name.show()} without a condition`);
        }
      });
    });
  },
});
