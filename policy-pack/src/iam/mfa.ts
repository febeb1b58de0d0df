import { all, attempt, every, not, some, type Tri } from "../frame/tri";
import { globMatches } from "./match";
import type { Condition, Statement } from "./statement";

/**
 * Context keys of a caller without MFA (IAM user guide, "AWS global condition context keys"):
 * undefined means that the key is absent.
 */
interface Caller {
  readonly "aws:multifactorauthpresent": "false" | undefined;
  readonly "aws:multifactorauthage": undefined;
}

/** What is false of every call that somebody makes directly, as opening a session is. */
const NOT_DIRECT: ReadonlySet<string> = new Set(["aws:viaawsservice", "aws:principalisawsservice"]);

/**
 * The two cases without MFA: long-term keys carry no key at all, sessions without MFA carry false.
 */
const WITHOUT_MFA: readonly Caller[] = [
  { "aws:multifactorauthpresent": undefined, "aws:multifactorauthage": undefined },
  { "aws:multifactorauthpresent": "false", "aws:multifactorauthage": undefined },
];

/** The statements of one resource that let a caller without MFA perform the action. */
export interface Grant {
  readonly statement: Statement;
  /** True when it certainly does, "unknown" when preview cannot tell. */
  readonly certain: boolean;
}

/**
 * The Allow statements by which a caller without MFA may perform the action, after the Deny
 * statements beside them. A statement passes only when each case without MFA fails its conditions
 * or meets a Deny that covers all it allows.
 * @param isHarmless returns true for a resource pattern on which allowing the action is harmless
 */
export function grantsWithoutMfa(
  statements: readonly Statement[],
  action: string,
  isHarmless: (resource: string) => boolean = () => false,
): Grant[] {
  const allows = statements.filter((statement) => statement.mayAllow !== false);
  const denies = statements.filter((statement) => statement.mayAllow === false);
  return allows.flatMap((statement) => {
    const resources = statement.resources;
    const opening = resources === "unknown" ? resources : resources.filter((resource) => !isHarmless(resource));
    const answer = some(WITHOUT_MFA, (caller) =>
      all(
        () => statement.mayAllow,
        () => statement.matchesAction(action),
        () => (opening === "unknown" ? true : opening.length > 0),
        () => satisfied(statement, caller, "may"),
        () => not(some(denies, (deny) => denied(deny, action, opening, caller))),
      ),
    );
    return answer === false ? [] : [{ statement, certain: answer === true }];
  });
}

/** Whether the Deny stops this caller, regardless of the rest of the request. */
function denied(deny: Statement, action: string, resources: readonly string[] | "unknown", caller: Caller): Tri {
  return all(
    () => deny.matchesAction(action),
    () =>
      resources === "unknown" ? deny.coversEverything : every(resources, (resource) => deny.coversResource(resource)),
    () => satisfied(deny, caller, "must"),
  );
}

/**
 * Whether the statement's conditions hold for the caller. Conditions on other keys are uncertain.
 * For an Allow they count as holding ("may"), for a Deny as failing ("must"), so that each doubt
 * counts against the policy.
 */
export function satisfied(statement: Statement, caller: Caller, others: "may" | "must"): Tri {
  if (statement.member("Condition").isUnknown) return "unknown";
  return every(statement.conditions(), (condition) => holds(condition, caller, others === "may"));
}

function holds(condition: Condition, caller: Caller, otherwise: boolean): Tri {
  const isDirect = NOT_DIRECT.has(condition.key);
  if (!isDirect && !isMfaKey(condition.key)) return otherwise;
  const actual = isMfaKey(condition.key) ? caller[condition.key] : "false";
  const { operator, values } = condition;
  // Values of one condition are alternatives.
  if (operator === "null")
    return some(values, (value) =>
      text(value, (wanted) => (wanted.toLowerCase() === "true") === (actual === undefined)),
    );
  const negated = operator.includes("not");
  if (actual === undefined) return condition.ifExists || condition.set === "ForAllValues" || negated;
  const equal = (wanted: string): boolean =>
    operator.startsWith("bool")
      ? wanted.toLowerCase() === actual
      : operator.includes("like")
        ? globMatches(wanted, actual, true)
        : wanted === actual;
  if (!/^(bool|string)/.test(operator)) return otherwise;
  return negated
    ? every(values, (value) => text(value, (wanted) => !equal(wanted)))
    : some(values, (value) => text(value, equal));
}

function isMfaKey(key: string): key is keyof Caller {
  return key === "aws:multifactorauthpresent" || key === "aws:multifactorauthage";
}

function text(value: Condition["values"][number], test: (wanted: string) => boolean): Tri {
  return attempt(() => test(value.text() ?? ""));
}
