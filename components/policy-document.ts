/** Condition block of a statement: operator → key → value or values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * Principals of a resource or trust policy: everyone, or AWS accounts and roles, services or
 * federated providers.
 */
export type Principal = "*" | Readonly<Partial<Record<"AWS" | "Service" | "Federated", string | readonly string[]>>>;

/**
 * One statement as IAM spells it. Exactly one of Action and NotAction; a trust policy has no
 * Resource.
 */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Principal;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

/** Arguments of {@link allow} and {@link deny} besides the Sid. Lists may be single strings. */
export type StatementBody = Omit<Statement, "Sid" | "Effect">;

/**
 * One statement, checked for faults that IAM would refuse at deployment: a Sid of letters and
 * digits, no empty list, Latin-1 text.
 * @throws Error naming the Sid and the fault.
 */
export function statement(value: Statement): Statement {
  const fault = (what: string) => new Error(`policy statement ${value.Sid}: ${what}`);
  if (!/^[A-Za-z0-9]+$/.test(value.Sid)) throw fault("a Sid holds letters and digits only");
  if ((value.Action === undefined) === (value.NotAction === undefined)) {
    throw fault("exactly one of Action and NotAction");
  }
  if (value.Resource !== undefined && value.NotResource !== undefined) throw fault("Resource or NotResource, not both");
  for (const [key, entry] of Object.entries(value)) {
    if (Array.isArray(entry) && entry.length === 0) throw fault(`${key} is empty`);
  }
  for (const [operator, keys] of Object.entries(value.Condition ?? {})) {
    if (Object.keys(keys).length === 0) throw fault(`Condition.${operator} is empty`);
    for (const [key, entry] of Object.entries(keys)) if (entry.length === 0) throw fault(`Condition.${key} is empty`);
  }
  if (/[^\x20-\xff]/.test(JSON.stringify(value))) throw fault("IAM takes Latin-1 text only");
  return value;
}

/** An Allow statement. */
export const allow = (sid: string, body: StatementBody): Statement => statement({ Sid: sid, Effect: "Allow", ...body });

/** A Deny statement. */
export const deny = (sid: string, body: StatementBody): Statement => statement({ Sid: sid, Effect: "Deny", ...body });

/**
 * A policy document as JSON. Statements that are undefined are left out, so that a caller can write
 * `wanted ? allow(…) : undefined`.
 * @throws Error when no statement is left or two share a Sid.
 */
export function document(...statements: readonly (Statement | undefined)[]): string {
  const kept = statements.filter((s) => s !== undefined).map(statement);
  if (kept.length === 0) throw new Error("a policy document needs a statement");
  const sids = new Set(kept.map((s) => s.Sid));
  if (sids.size < kept.length)
    throw new Error(`a Sid stands twice in one document: ${kept.map((s) => s.Sid).join(", ")}`);
  return JSON.stringify({ Version: "2012-10-17", Statement: kept });
}

/**
 * Trust policy of a workload's role: one AWS service may assume it. Give `condition` where the
 * service sends aws:SourceAccount or aws:SourceArn (ECS tasks, Bedrock batch, Scheduler,
 * CodeBuild), so that the service cannot be used from another account.
 */
export function serviceTrust(service: string, condition?: Conditions): string {
  return document(
    allow("AssumedByService", {
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(condition && { Condition: condition }),
    }),
  );
}
