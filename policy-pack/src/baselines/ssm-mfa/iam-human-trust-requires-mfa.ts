import { resourcePolicy } from "../../frame/policy";
import { all, some, type Tri } from "../../frame/tri";
import { isEveryone, isLimited } from "../../iam/public-access";
import { trustDocument, TRUST_TYPES } from "../../iam/sources";
import { type Statement, statementsOf } from "../../iam/statement";
import { trustWithoutMfa } from "../../iam/trust";
import { MFA_MODE, mfaModeOf } from "./mode";

const ASSUMING = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/** A role's session knows nothing of MFA, so that the trust policy is the place to ask for it. */
export const iamHumanTrustRequiresMfa = resourcePolicy({
  name: "iam-human-trust-requires-mfa",
  description: "Roles that people assume ask for MFA in their trust policy",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], "nist-800-53r5": ["IA-2(1)"] },
  remediation:
    'Add Bool {"aws:MultiFactorAuthPresent": "true"} to the statement that lets AWS principals assume the role.',
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-api.html",
  types: TRUST_TYPES,
  config: MFA_MODE,
  check(role, report, config) {
    const statements = statementsOf(trustDocument(role));
    const open = statements.filter((statement) => isOpen(statement) === true);
    for (const { value } of open) {
      const found = `${value.path} lets everybody assume the role, whose MFA is not the company's`;
      report.decide(true, value, found, { remedy: "Name the principals of your own that assume it." });
    }
    const mode = mfaModeOf(config);
    if (mode !== undefined && mode !== "assume-role")
      report.notApplicable(`in mode ${mode} people do not get in by this trust policy`);
    const { grants, unsure } = trustWithoutMfa(statements);
    for (const { statement, certain } of grants.filter((grant) => !open.includes(grant.statement))) {
      report.decide(
        certain || "unknown",
        statement.value,
        `${statement.value.path} lets AWS principals assume the role without MFA`,
      );
    }
    for (const statement of unsure) report.undeterminable(statement.value, "names principals that are not known yet");
  },
});

/** Does the statement let anybody in, of any account or identity provider? */
function isOpen(statement: Statement): Tri {
  return all(
    () => statement.allows,
    () => some(ASSUMING, (action) => statement.matchesAction(action)),
    () => isEveryone(statement),
    () => !isLimited(statement),
  );
}
