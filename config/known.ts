import { z } from "zod";
import { nodeAt } from "./schema/nodes";

/**
 * The known part of a value: an absent key was left out of the file, a key that is `undefined` has
 * a fault. A list of mappings keeps the positions of its entries; any other list is known as a
 * whole or not at all.
 */
export type Known<T> = T extends readonly (infer Element)[]
  ? [Element] extends [object]
    ? readonly (Known<Element> | undefined)[]
    : T
  : T extends object
    ? { readonly [K in keyof T]?: Known<T[K]> | undefined }
    : T;

type Path = readonly PropertyKey[];

/** The part of `raw` without faults. */
export function known<T>(schema: z.ZodType<T>, raw: object, issues: readonly z.core.$ZodIssue[]): Known<T> {
  const copy = structuredClone(raw);
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") issue.keys.forEach((key) => edit(copy, [...issue.path, key], remove));
    else if (issue.code === "invalid_key") edit(copy, issue.path, remove);
    else edit(copy, wholeValue(schema, issue.path), blank);
  }
  // The remaining part passed the schema.
  return copy as Known<T>;
}

/** The path up to the first list that loses its positions with one of its elements. */
function wholeValue(schema: z.ZodType, path: Path): Path {
  const end = path.findIndex(
    (part, at) => typeof part === "number" && !(nodeAt(schema, path.slice(0, at + 1)) instanceof z.ZodObject),
  );
  return end < 0 ? path : path.slice(0, end);
}

type Container = Record<PropertyKey, unknown>;
const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;
const remove = (parent: Container, name: PropertyKey) => Reflect.deleteProperty(parent, name);
const blank = (parent: Container, name: PropertyKey) => (parent[name] = undefined);

function edit(value: unknown, path: Path, change: (parent: Container, name: PropertyKey) => unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((here, part) => (isContainer(here) ? here[part] : undefined), value);
  const name = path.at(-1);
  if (isContainer(parent) && name !== undefined) change(parent, name);
}

/** The entries of a mapping by name that are known. */
export function knownEntries<T>(mapping: Readonly<Record<string, T | undefined>> | undefined): [string, T][] {
  return Object.entries(mapping ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
