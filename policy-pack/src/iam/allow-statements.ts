import type { Report } from "../frame/report";
import type { Tri } from "../frame/tri";
import type { ResourceView } from "../frame/view";
import { permissionStatements } from "./managed";
import type { Statement } from "./statement";

/**
 * Shows each Allow statement of a resource's identity policies, and of the AWS-managed policies that
 * it attaches, to the judge; one that is unknown hides none of the others.
 */
export function eachAllow(resource: ResourceView, report: Report, judge: (statement: Statement) => void): void {
  report.each(permissionStatements(resource, report), (statement) => {
    if (statement.allows) judge(statement);
  });
}

/**
 * The known patterns under Action, as written. Excludes NotAction: `isAlmostEverything` covers it.
 */
export function actionPatterns(statement: Statement): string[] {
  const actions = statement.member("Action");
  return actions.isSet ? actions.items().flatMap((action) => (action.isUnknown ? [] : (action.text() ?? []))) : [];
}

/** Whether the statement covers every resource and has no condition. */
export function isUnlimited(statement: Statement): boolean {
  if (statement.member("Condition").isSet && statement.conditions().length > 0) return false;
  if (statement.member("Resource").isUnknown) return false;
  return statement.coversEverything === true;
}

/** Whether a statement grants each of some actions. */
export type Grants = readonly (readonly [action: string, granted: Tri])[];

/**
 * Reports the actions that a statement grants in one violation, which names them all. When none is
 * certain and one may be, the statement is undeterminable.
 */
export function reportGrants(report: Report, { value }: Statement, grants: Grants, harm = ""): void {
  const granted = grants.flatMap(([action, answer]) => (answer === true ? [action] : []));
  const mayBe = grants.some(([, answer]) => answer === "unknown");
  const where = value.path || "the statement";
  report.decide(granted.length > 0 || (mayBe && "unknown"), value, `${where} allows ${granted.join(", ")}${harm}`);
}

/** Reports each Allow that grants one of the actions on every resource without a condition. */
export function reportUnlimited(resource: ResourceView, report: Report, actions: readonly string[], why: string): void {
  eachAllow(resource, report, (statement) => {
    const granted = actions.filter((action) => statement.matchesAction(action) === true);
    if (granted.length > 0 && isUnlimited(statement)) {
      report.violation(`${statement.value.path} allows ${granted.join(", ")} on every resource: ${why}`);
    }
  });
}
