import assert from "node:assert/strict";
import type { DocumentResource } from "../../offline/in-process";

/** Resources whose type ends in `:TYPE`, e.g. `VpcEndpoint`. */
export const ofType = (resources: readonly DocumentResource[], type: string): DocumentResource[] =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`));

/** The one resource of a type whose name contains `part`. */
export function one(resources: readonly DocumentResource[], type: string, part = ""): DocumentResource {
  const found = ofType(resources, type).filter(({ name }) => name.includes(part));
  assert.equal(found.length, 1, `${type} ${part}: ${found.map(({ name }) => name).join(", ") || "none"}`);
  return found[0]!;
}

/** A policy document's statement. */
export interface TestStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document's statements. */
export function statementsOf(text: unknown): readonly TestStatement[] {
  assert.equal(typeof text, "string", "the document is not known");
  return (JSON.parse(text as string) as { readonly Statement: readonly TestStatement[] }).Statement;
}

/** A value or list of values as a list. */
export const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
