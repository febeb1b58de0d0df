import { all, attempt, every, some, type Tri } from "../frame/tri";
import { Undeterminable, type Value } from "../frame/value";
import { type Statement, statementsOf } from "./statement";

/** A call that Deny statements must cover: an action, and the resources that it is made on. */
export interface Demand {
  readonly action: string;
  /** Whether a statement covers these resources; left out where the policy's owner is the only one. */
  readonly covered?: (statement: Statement) => Tri;
}

/**
 * Whether the policy denies everyone each of the calls over a connection without TLS; several
 * statements may do so together. Throws when preview cannot tell.
 */
export function deniesPlainHttp(document: Value, demands: readonly Demand[]): boolean {
  const denies = statementsOf(document).filter((statement) => attempt(() => deniesPlain(statement)) !== false);
  const answer = every(demands, ({ action, covered }) =>
    some(denies, (statement) =>
      all(
        () => deniesPlain(statement),
        () => statement.matchesAction(action),
        () => covered?.(statement) ?? true,
      ),
    ),
  );
  if (answer === "unknown") throw new Undeterminable(document.path, "holds a value that decides and is not known yet");
  return answer;
}

function deniesPlain(statement: Statement): boolean {
  if (statement.allows) return false;
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
