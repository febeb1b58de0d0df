import { all, attempt, some, type Tri } from "../frame/tri";
import { Undeterminable } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { grantsWithoutMfa, type Grant } from "./mfa";
import { trustDocument } from "./sources";
import { statementsOf, type Principal, type Statement } from "./statement";

/** Holder of a role's permissions. */
export type Holding =
  /** AWS services only, which act by themselves. */
  | "services"
  /** Machines that users work on: every logged-in user holds the role, without MFA. */
  | "machines"
  /** Users who assume it with MFA. */
  | "mfa"
  /** Any other or unknown principal. */
  | "other";

/**
 * The Allow statements of a trust policy that admit users without MFA, and those with principals
 * that preview cannot know.
 */
export interface TrustVerdict {
  readonly grants: readonly Grant[];
  readonly unsure: readonly Statement[];
}

/** Judges a trust policy given as its statements. */
export function trustWithoutMfa(statements: readonly Statement[]): TrustVerdict {
  const counts = new Map(
    statements.map((statement) => [
      statement,
      statement.mayAllow === false ? isForEverybody(statement) : admitsPeople(statement),
    ]),
  );
  const judged = statements.filter((statement) => counts.get(statement) === true);
  const unsure = statements.filter(
    (statement) => counts.get(statement) === "unknown" && grantsWithoutMfa([statement], "sts:AssumeRole").length > 0,
  );
  return { grants: grantsWithoutMfa(judged, "sts:AssumeRole"), unsure };
}

/**
 * Does an Allow reach AWS principals? Services have no MFA; of federated users the identity
 * provider asks it.
 */
function admitsPeople(statement: Statement): Tri {
  if (statement.member("NotPrincipal").isSet) return true;
  return attempt(() => statement.principals().some(isPerson));
}

/** Is a Deny for everybody, so that it covers each principal that an Allow names? */
function isForEverybody(statement: Statement): Tri {
  return all(
    () => statement.member("NotPrincipal").isAbsent,
    () =>
      some(statement.principals(), (principal) =>
        all(
          () => isPerson(principal),
          () => principal.name.text() === "*",
        ),
      ),
  );
}

function isPerson({ kind }: Principal): boolean {
  return /^(aws|\*)$/i.test(kind);
}

/**
 * Who holds the permissions of the role that the resource is; "other" for resources that are no
 * role.
 */
export function holdingOf(resource: ResourceView): Holding {
  try {
    const trust = trustDocument(resource);
    if (trust.isAbsent) return "other";
    const statements = statementsOf(trust);
    const allows = statements.filter((statement) => statement.allows);
    const principals = allows.flatMap((statement) => statement.principals());
    if (principals.length === 0 || allows.some((statement) => statement.member("NotPrincipal").isSet)) return "other";
    if (principals.every(({ kind }) => /^service$/i.test(kind))) {
      return principals.some(({ name }) => /^(ec2|ssm)\./.test(name.text() ?? "")) ? "machines" : "services";
    }
    if (principals.some(({ kind }) => /^federated$/i.test(kind))) return "other";
    const { grants, unsure } = trustWithoutMfa(statements);
    return grants.length + unsure.length === 0 ? "mfa" : "other";
  } catch (error) {
    if (error instanceof Undeterminable) return "other";
    throw error;
  }
}
