import { isDeepStrictEqual } from "node:util";
import { shortly } from "./words";

/** Sentences about a change, by key. */
export type KeyWords<T extends object> = { readonly [Key in keyof T]?: () => string[] };

/** Names of the keys that differ, in the order of the first object, then of the second. */
export function changedKeys<T extends object>(before: T, after: T): (keyof T & string)[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof T & string)[];
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

/**
 * Sentences about each key that differs. A key without words of its own is described by its name and both values, so that a new key of
 * the stack file needs none.
 * @param owner whose key it is, e.g. `tanaka`; absent: the platform's
 * @param except keys described elsewhere
 */
export function keyChanges<T extends object>(
  before: T,
  after: T,
  words: KeyWords<T>,
  { owner, except = [] }: { readonly owner?: string; readonly except?: readonly (keyof T)[] } = {},
): string[] {
  const of = owner === undefined ? "" : ` of ${owner}`;
  return changedKeys(before, after)
    .filter((key) => !except.includes(key))
    .flatMap((key) => words[key]?.() ?? leafChanges(before[key], after[key], [key], of));
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One sentence for each value that differs, however deep it is: a cut text of two mappings could be the same. */
function leafChanges(before: unknown, after: unknown, path: readonly string[], of: string): string[] {
  if (isMapping(before) && isMapping(after))
    return changedKeys(before, after).flatMap((key) => leafChanges(before[key], after[key], [...path, key], of));
  return [`${path.join(".")}${of} changes from ${shortly(before)} to ${shortly(after)}`];
}
