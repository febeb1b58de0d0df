import type { Report } from "../frame/report";
import { Undeterminable, type Value } from "../frame/value";
import { type Statement, statementsOf } from "./statement";

/** Condition keys that limit a statement for everyone to principals, accounts or networks. */
const LIMITING: ReadonlySet<string> = new Set(
  [
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalOrgID",
    "PrincipalOrgPath",
    "PrincipalOrgPaths",
    "SourceAccount",
    "SourceArn",
    "SourceOrgID",
    "SourceOrgPaths",
    "SourceOwner",
    "SourceVpc",
    "SourceVpce",
    "SourceIp",
    "VpceAccount",
    "VpceOrgID",
    "userid",
    "username",
  ].map((key) => `aws:${key.toLowerCase()}`),
).add("kms:calleraccount");

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

/**
 * Whether a condition narrows the statement to some principals or networks. ForAllValues and
 * IfExists also hold for requests that lack the key, and negated operators for all but a few, so
 * they narrow nothing.
 */
export function isLimited(statement: Statement): boolean {
  return statement.conditions().some(({ operator, ifExists, set, key, values }) => {
    const narrows = /^(?:string(?:equals|equalsignorecase|like)|arn(?:equals|like)|ipaddress)$/.test(operator);
    if (!narrows || ifExists || set === "ForAllValues" || !LIMITING.has(key)) return false;
    return values.length > 0 && values.every((value) => value.isUnknown || isNarrow(value.text() ?? ""));
  });
}

/** A value with wildcards for account and name, or the whole internet, is no limit. */
function isNarrow(value: string): boolean {
  const rest = value.replace(/^arn:[^:]*:[^:]*:/, "");
  return /[A-Za-z0-9]/.test(rest) && !/\/0$/.test(value);
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
