import { resourcePolicy } from "../../frame/policy";
import { all, attempt, some, type Tri } from "../../frame/tri";
import { grantsWithoutMfa } from "../../iam/mfa";
import { trustDocument, TRUST_TYPES } from "../../iam/sources";
import { statementsOf, type Statement } from "../../iam/statement";
import { MFA_MODE, mfaModeOf } from "./mode";

/** A role's session knows nothing of MFA, so that the trust policy is the place to ask for it. */
export const iamHumanTrustRequiresMfa = resourcePolicy({
  name: "iam-human-trust-requires-mfa",
  description: "Roles that people assume ask for MFA in their trust policy",
  severity: "critical",
  level: "mandatory",
  tags: ["baseline:ssm-mfa", "nist-800-53r5:IA-2(1)"],
  remediation:
    'Add Bool {"aws:MultiFactorAuthPresent": "true"} to the statement that lets AWS principals assume the role.',
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-api.html",
  types: TRUST_TYPES,
  config: MFA_MODE,
  check(role, report, config) {
    const mode = mfaModeOf(config);
    if (mode !== undefined && mode !== "assume-role")
      report.notApplicable(`in mode ${mode} people do not get in by this trust policy`);
    const statements: Statement[] = [];
    report.each(statementsOf(trustDocument(role)), (statement) => {
      const counts = statement.allows ? admitsPeople(statement) : keepsEverybody(statement);
      if (counts === true) statements.push(statement);
      else if (counts === "unknown") {
        if (grantsWithoutMfa([statement], "sts:AssumeRole").length > 0)
          report.undeterminable(statement.value, "names principals that are not known yet");
      }
    });
    for (const { statement, certain } of grantsWithoutMfa(statements, "sts:AssumeRole")) {
      report.decide(
        certain || "unknown",
        statement.value,
        `${statement.value.path} lets AWS principals assume the role without MFA`,
      );
    }
  },
});

/** Does an Allow reach AWS principals? Services have no MFA; of federated users the identity provider asks it. */
function admitsPeople(statement: Statement): Tri {
  if (statement.member("NotPrincipal").isSet) return true;
  return attempt(() => some(statement.principals(), ({ kind }) => /^(aws|\*)$/i.test(kind)));
}

/** Is a Deny for everybody, so that it covers whoever an Allow names? */
function keepsEverybody(statement: Statement): Tri {
  return all(
    () => statement.member("NotPrincipal").isAbsent,
    () =>
      some(statement.principals(), ({ kind, name }) =>
        all(
          () => /^(aws|\*)$/i.test(kind),
          () => name.text() === "*",
        ),
      ),
  );
}
