import type { DepartmentState } from "../../config/declared-state";
import { blockedByField, blockerOf, blocksOf } from "../shared/blocks";
import type { LiteLLM } from "../shared/litellm";
import type { StoredKey } from "../shared/litellm-types";
import type { Request } from "./request";

/** What is told of a key. */
export interface KeyStatus {
  readonly alias: string;
  readonly blocked: boolean;
  /** Null when nobody blocked it, or a share of zero did. */
  readonly blockedBy: string | null;
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

const operators = "the infrastructure team";

/**
 * Does what a lead asks for a developer of their department, or operators for anybody's. A block stays until it is lifted, over rotations too;
 * `revoke` ends every key of the developer at once and makes a new one. A lead neither lifts nor takes over a block that somebody else set, and
 * makes no new key past it.
 */
export async function administer(
  { gateway, department: declared, startRotation }: Administration,
  { action, department, developer, byOperators }: Request,
): Promise<readonly KeyStatus[]> {
  const state = await declared(department);
  const person = state?.developers.find(({ id }) => id === developer);
  // A developer of another department and an unknown one get the same answer.
  if (person === undefined)
    throw new Error(`developer: ${developer} is not declared in stacks/Pulumi.${department}.yaml`);
  const keys = await gateway.keysOfUser(department, developer);
  const by = byOperators ? operators : `lead of ${department}`;
  if (!byOperators && (action === "unblock" || action === "revoke")) {
    const { team } = (await gateway.team(department)) ?? {};
    refuseBlocksOfOthers(keys, blocksOf(team?.metadata)[developer], by, developer);
  }
  switch (action) {
    case "status":
      break;
    case "block":
      // Recorded first: if the calls end here, the reconciler blocks the keys.
      if (byOperators) await gateway.recordBlocks(department, (blocks) => ({ ...blocks, [developer]: by }));
      for (const { token, metadata } of keys) {
        await gateway.blockKey(token);
        const before = byOperators ? undefined : blockerOf(metadata);
        await gateway.updateKey(token, { metadata: { ...metadata, [blockedByField]: before ?? by } });
      }
      break;
    case "unblock":
      if (person.blocked)
        throw new Error(`${developer} has no budget in stacks/Pulumi.${department}.yaml: give a share first`);
      if (byOperators) await gateway.recordBlocks(department, ({ [developer]: _lifted, ...others }) => others);
      for (const { token, metadata } of keys) {
        const { [blockedByField]: _lifted, ...rest } = metadata;
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
    blockedBy: blockerOf(key.metadata) ?? null,
    expires: key.expires,
    spendUsd: key.spend,
    budgetUsd: key.max_budget,
  }));
}

/** @throws Error that names who blocked the developer, when it was not the lead. */
function refuseBlocksOfOthers(
  keys: readonly StoredKey[],
  recorded: string | undefined,
  lead: string,
  developer: string,
): void {
  const other = [recorded, ...keys.map(({ metadata }) => blockerOf(metadata))].find(
    (by) => by !== undefined && by !== lead,
  );
  if (other !== undefined) throw new Error(`${developer} is blocked by ${other}: only they lift it`);
}
