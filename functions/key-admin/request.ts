import { operatorsAlias } from "../../config/names";

/** What may be done to a developer's keys. */
export const actions = ["status", "block", "unblock", "rotate", "revoke"] as const;
export type Action = (typeof actions)[number];

/** What is asked, for whom and by whom. */
export interface Request {
  readonly action: Action;
  readonly department: string;
  readonly developer: string;
  /** The infrastructure team; otherwise the department's lead. */
  readonly byOperators: boolean;
}

/**
 * The alias a function was invoked by, which says who asks: IAM lets a lead invoke their department's alias only, and operators theirs.
 * @param invokedArn `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`.
 * @throws Error when it was invoked without an alias: by nothing, `$LATEST`, or a version's number.
 */
export function aliasOf(invokedArn: string): string {
  const alias = invokedArn.split(":")[7];
  if (alias === undefined || !(alias === operatorsAlias || /^[a-z]/.test(alias))) {
    throw new Error(
      `invoke this function by your department's alias, or as operator by ${operatorsAlias}: --qualifier`,
    );
  }
  return alias;
}

const isId = (value: unknown): value is string => typeof value === "string" && /^[a-z][a-z0-9-]{0,30}$/.test(value);

/**
 * A request as it came, checked. A lead's department is the alias, whatever the event says; operators name it.
 * @throws Error with what is wrong and what is allowed.
 */
export function parseRequest(event: unknown, alias: string): Request {
  const { action, developer, ...more } = (event ?? {}) as Partial<Record<keyof Request, unknown>>;
  const byOperators = alias === operatorsAlias;
  const department = byOperators ? more.department : alias;
  const faults: string[] = [];
  if (!actions.includes(action as Action))
    faults.push(`action: found ${JSON.stringify(action)}; allowed ${actions.join(", ")}`);
  if (!isId(department)) faults.push("department: allowed is a department's name");
  if (!isId(developer)) faults.push("developer: allowed is a person's id as in the department's stack file");
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return { action: action as Action, department: department as string, developer: developer as string, byOperators };
}
