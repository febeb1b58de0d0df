import type { Report } from "../frame/report";
import { Undeterminable, type Value } from "../frame/value";
import { limits } from "./limits";
import { type Statement, statementsOf } from "./statement";

/**
 * Whether a statement has NotPrincipal, or a principal with a wildcard other than a service. Throws
 * when that is unknown.
 */
export function isEveryone(statement: Statement): boolean {
  if (statement.member("NotPrincipal").isSet) return true;
  let unknown: Undeterminable | undefined;
  for (const { kind, name } of statement.principals()) {
    try {
      if (kind !== "Service" && name.text()?.includes("*") === true) return true;
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  return false;
}

/** Whether a condition narrows the statement to some principals or networks. */
export function isLimited(statement: Statement): boolean {
  return statement.conditions().some((condition) => limits(condition));
}

/**
 * Reports each statement of a resource's policy that allows everyone something and is narrowed by
 * no condition.
 */
export function reportPublic(document: Value, report: Report): void {
  if (document.isAbsent) return;
  report.guard(() => {
    report.each(statementsOf(document), (statement) => {
      if (statement.allows && isEveryone(statement) && !isLimited(statement)) {
        report.violation(`${statement.value.path} allows everyone, and no condition says who or from where`);
      }
    });
  });
}
