import { Undeterminable, type Value } from "../frame/value";
import { type Statement, statementsOf } from "./statement";

/**
 * Whether the policy denies everyone an action over a connection without TLS. Throws when preview
 * cannot tell.
 */
export function deniesPlainHttp(document: Value, action: string): boolean {
  let unknown: Undeterminable | undefined;
  for (const statement of statementsOf(document)) {
    try {
      if (isDenial(statement, action)) return true;
    } catch (error) {
      if (!(error instanceof Undeterminable)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
  return false;
}

function isDenial(statement: Statement, action: string): boolean {
  if (statement.allows || statement.matchesAction(action) === false) return false;
  const conditions = statement.conditions();
  const [condition] = conditions;
  // A second condition would have to hold too, and so let some plain requests through.
  return (
    conditions.length === 1 &&
    condition?.key === "aws:securetransport" &&
    condition.operator === "bool" &&
    condition.values.some((value) => value.text()?.toLowerCase() === "false") &&
    statement.principals().some(({ name }) => name.text() === "*")
  );
}
