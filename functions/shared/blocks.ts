/**
 * Who blocked whose keys. A key's metadata names who blocked it. A block by somebody other than the lead also stands in the team's metadata:
 * it outlives the person's keys, which a lead may revoke, and the person's line in the department's file. A lead's tools change keys only.
 */

/** Metadata field of a key that a person blocked: who. The reconciler does not unblock such a key. */
export const blockedByField = "blockedBy";

/** Metadata field of a team: who blocked which of its developers, by the developer's id. */
const blocksField = "blocks";

export type Blocks = Readonly<Record<string, string>>;

type Metadata = Readonly<Record<string, unknown>> | null | undefined;

/** A key's blocker; undefined when nobody blocked it, or the declaration did. */
export function blockerOf(metadata: Metadata): string | undefined {
  const found = metadata?.[blockedByField];
  return typeof found === "string" ? found : undefined;
}

/** The blocks that a team's metadata records. */
export function blocksOf(metadata: Metadata): Blocks {
  const found = metadata?.[blocksField];
  if (typeof found !== "object" || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, by]) => typeof by === "string"));
}

/** Metadata of a team with these blocks. */
export function withBlocks(metadata: Metadata, blocks: Blocks): Readonly<Record<string, unknown>> {
  const { [blocksField]: _before, ...rest } = metadata ?? {};
  return Object.keys(blocks).length === 0 ? rest : { ...rest, [blocksField]: blocks };
}
