import type { DepartmentState } from "../../config/declared-state";
import type { LiteLLM } from "../shared/litellm";

/** What a lead may do to a developer's keys. */
export const actions = ["status", "block", "unblock", "rotate", "revoke"] as const;
export type Action = (typeof actions)[number];

/** What a lead asks. The department is not among it. */
export interface Request {
  readonly action: Action;
  readonly developer: string;
}

/** What a lead sees of a key. */
export interface KeyStatus {
  readonly alias: string;
  readonly blocked: boolean;
  readonly expires: string | null;
  readonly spendUsd: number;
  readonly budgetUsd: number | null;
}

/** What the administration works with. */
export interface Administration {
  readonly gateway: LiteLLM;
  readonly department: (name: string) => Promise<DepartmentState | undefined>;
  /** Starts the rotation of a developer's secret. */
  readonly startRotation: (department: string, developer: string) => Promise<void>;
}

/**
 * The department whose alias a function was invoked by. The caller cannot choose it: IAM lets a lead invoke their own alias only.
 * @param invokedArn `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`.
 * @throws Error when it was invoked without an alias.
 */
export function departmentOf(invokedArn: string): string {
  const alias = invokedArn.split(":")[7];
  if (alias === undefined || alias === "$LATEST") {
    throw new Error("invoke this function by your department's alias: --qualifier DEPARTMENT");
  }
  return alias;
}

/** A request as it came, checked. @throws Error with what is wrong and what is allowed. */
export function parseRequest(event: unknown): Request {
  const { action, developer } = (event ?? {}) as Partial<Record<keyof Request, unknown>>;
  const faults: string[] = [];
  if (!actions.includes(action as Action))
    faults.push(`action: found ${JSON.stringify(action)}; allowed ${actions.join(", ")}`);
  if (typeof developer !== "string" || !/^[a-z][a-z0-9-]{0,30}$/.test(developer)) {
    faults.push("developer: allowed is a person's id as in the department's stack file");
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return { action: action as Action, developer: developer as string };
}

/**
 * Does what a lead asks, for a developer of the lead's own department. A block stays until it is lifted, over rotations too; `revoke` ends
 * every key of the developer at once and makes a new one.
 */
export async function administer(
  { gateway, department: declared, startRotation }: Administration,
  department: string,
  { action, developer }: Request,
): Promise<readonly KeyStatus[]> {
  const state = await declared(department);
  const person = state?.developers.find(({ id }) => id === developer);
  // A developer of another department and an unknown one get the same answer.
  if (person === undefined)
    throw new Error(`developer: ${developer} is not declared in stacks/Pulumi.${department}.yaml`);
  const keys = await gateway.keysOfUser(department, developer);
  switch (action) {
    case "status":
      break;
    case "block":
      for (const { token, metadata } of keys) {
        await gateway.blockKey(token);
        await gateway.updateKey(token, { metadata: { ...metadata, blockedBy: `lead of ${department}` } });
      }
      break;
    case "unblock":
      if (person.blocked)
        throw new Error(`${developer} has no budget in stacks/Pulumi.${department}.yaml: give a share first`);
      for (const { token, metadata } of keys) {
        const { blockedBy: _lifted, ...rest } = metadata;
        await gateway.updateKey(token, { metadata: rest });
        await gateway.unblockKey(token);
      }
      break;
    case "rotate":
      await startRotation(department, developer);
      break;
    case "revoke":
      await gateway.revokeKeys(keys.map(({ token }) => token));
      await startRotation(department, developer);
      break;
  }
  return (await gateway.keysOfUser(department, developer)).map((key) => ({
    alias: key.key_alias ?? "",
    blocked: key.blocked ?? false,
    expires: key.expires,
    spendUsd: key.spend,
    budgetUsd: key.max_budget,
  }));
}
