import { type ResourcePolicy, resourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { Tri } from "../../frame/tri";
import { reportGrants } from "../../iam/allow-statements";
import { grantsWithoutMfa } from "../../iam/mfa";
import { IDENTITY_TYPES, identityDocuments } from "../../iam/sources";
import { type Statement, statementsOf } from "../../iam/statement";
import { holdingOf } from "../../iam/trust";
import { MFA_AGE, MFA_MODE, mfaModeOf, permissionsAskMfa } from "./mode";

/** A document alone opens nothing: the call needs the machine as well. */
export const isDocument = (resource: string): boolean => /^arn:[^:]*:ssm:[^:]*:[^:]*:document\//.test(resource);

/**
 * A policy that actions are granted with MFA only; each Allow is read together with the Deny
 * statements beside it.
 */
export function mfaPolicy(
  facts: Pick<ResourcePolicy, "name" | "description" | "severity" | "controls" | "url">,
  actions: readonly string[],
  isHarmless: (resource: string) => boolean = () => false,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    remediation:
      'Add Bool {"aws:MultiFactorAuthPresent": "true"} or NumericLessThan on aws:MultiFactorAuthAge to the Allow, or take the action out.',
    types: IDENTITY_TYPES,
    config: { ...MFA_MODE, ...MFA_AGE },
    check(resource, report, config) {
      const mode = mfaModeOf(config);
      const holding = holdingOf(resource);
      if (holding === "services") report.notApplicable("only AWS services assume the role");
      if (holding === "mfa") report.notApplicable("the role's trust policy asks for MFA");
      const documents = identityDocuments(resource).filter(
        ({ holder }) => holding === "machines" || permissionsAskMfa(holder, mode),
      );
      if (documents.length === 0) report.notApplicable("no permissions here must ask for MFA themselves");
      const statements: Statement[] = [];
      report.each(documents, ({ document }) => void statements.push(...statementsOf(document)));
      const most = config.at("mfaMaxAge").number() ?? MFA_AGE.mfaMaxAge.default;
      report.each(statements, (statement) => reportLongAges(statement, actions, most, report));
      const granted = new Map<Statement, (readonly [action: string, granted: Tri])[]>();
      for (const action of actions) {
        for (const { statement, certain } of grantsWithoutMfa(statements, action, isHarmless))
          granted.set(statement, [...(granted.get(statement) ?? []), [action, certain || "unknown"]]);
      }
      for (const [statement, grants] of granted) reportGrants(report, statement, grants, " without MFA");
    },
  });
}

/** A bound so far back that every MFA is recent asks for nothing. */
function reportLongAges(statement: Statement, actions: readonly string[], most: number, report: Report): void {
  if (!actions.some((action) => statement.matchesAction(action) === true)) return;
  if (statement.member("Condition").isAbsent) return;
  for (const { key, operator, values } of statement.conditions()) {
    if (key !== "aws:multifactorauthage" || !/^numeric(?:less|greater)than/.test(operator)) continue;
    report.each(values, (value) => {
      if ((value.number() ?? 0) > most)
        report.violation(`${value.path} takes MFA of ${value.show()} seconds ago for recent; ${most} are the most`);
    });
  }
}
