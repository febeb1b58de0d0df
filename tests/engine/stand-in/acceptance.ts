/**
 * What AWS and its provider refuse, from tables kept beside the clone in `../shared`: AWS's API models (aws-constraints.json) and the
 * provider's schema (provider-rules.json, read by tools/aws-accepts/provider.mjs). In a clone without that folder nothing is refused and
 * every change updates in place; the suite says so.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RawProps } from "../../../offline/values";

/** A fault in one property, in words without the value found: it may be secret. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface Attribute {
  readonly forceNew?: boolean | "conditional";
}

interface ProviderRule {
  readonly sameAs?: string;
  readonly attrs?: Readonly<Record<string, Attribute>>;
  readonly noUpdate?: boolean;
}

export interface Acceptance {
  refusals(type: string, inputs: RawProps): Refusal[];
  /** Whether a change at `property` (`a`, `a.b`, `a[].b`) makes a new resource. */
  replaces(type: string, property: string): boolean;
}

/** Loads the tables from `shared`; undefined where the folder is not there. */
export async function loadAcceptance(shared: string): Promise<Acceptance | undefined> {
  const files = ["provider-rules.json", "aws-constraints.json"].map((name) => path.join(shared, name));
  const judgeFile = path.join(shared, "tools/aws-accepts/provider.mjs");
  if (![...files, judgeFile].every((file) => existsSync(file))) return undefined;
  const [rules, constraints] = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as unknown) as [
    Record<string, ProviderRule>,
    Record<string, Record<string, Constraint>>,
  ];
  const { judge } = (await import(pathToFileURL(judgeFile).href)) as {
    judge: (type: string, inputs: RawProps, rules: unknown) => string[] | null;
  };
  const ruleOf = (type: string): ProviderRule | undefined => rules[rules[type]?.sameAs ?? type];
  return {
    refusals: (type, inputs) => [
      ...(judge(type, inputs, rules) ?? []).map(split),
      ...Object.entries(constraints[type] ?? {}).flatMap(([property, constraint]) =>
        broken(constraint, inputs[property]).map((reason) => ({ property, reason })),
      ),
    ],
    replaces: (type, property) => {
      const rule = ruleOf(type);
      if (rule === undefined) return false;
      if (property === "region") return true;
      if (rule.noUpdate === true && property !== "tags" && property !== "tagsAll") return true;
      return ancestors(property).some((name) => rule.attrs?.[name]?.forceNew === true);
    },
  };
}

/** The judge's lines read `property: what; found VALUE`. */
function split(line: string): Refusal {
  const at = line.indexOf(": ");
  return { property: line.slice(0, at), reason: line.slice(at + 2).replace(/; found .*$/s, "") };
}

/** `a`, `a.b`, `a.b[].c` for `a.b[].c`. */
const ancestors = (property: string): string[] =>
  property.split(".").map((_, index, parts) =>
    parts
      .slice(0, index + 1)
      .join(".")
      .replace(/\[\]$/, ""),
  );

function broken(constraint: Constraint, value: unknown): string[] {
  if (typeof value !== "string" || value.includes("04da6b54-80e4-46f7-96ec-b56ff0331ba9")) return [];
  const length = Array.from(value).length;
  const found: string[] = [];
  if (length < (constraint.min ?? 0)) found.push(`at least ${constraint.min ?? 0} characters (AWS API model)`);
  if (length > (constraint.max ?? Infinity))
    found.push(`at most ${constraint.max ?? 0} characters, has ${length} (AWS API model)`);
  if (constraint.enum?.includes(value) === false) found.push(`one of ${constraint.enum.join(", ")} (AWS API model)`);
  if (constraint.pattern !== undefined && compile(constraint.pattern)?.test(value) === false)
    found.push(`pattern ${constraint.pattern} (AWS API model)`);
  return found;
}

/** AWS writes its patterns for Java; undefined where JavaScript has no equal. */
function compile(pattern: string): RegExp | undefined {
  const flags = /^\(\?([is]+)\)/.exec(pattern)?.[1] ?? "";
  const body = pattern
    .replace(/^\(\?[is]+\)/, "")
    .replace(/\\x\{([0-9a-fA-F]+)\}/g, "\\u{$1}")
    .replace(/\\A/g, "^")
    .replace(/\\[zZ]/g, "$");
  for (const candidate of [`u${flags}`, flags])
    try {
      return new RegExp(body, candidate);
    } catch {
      // the next flags
    }
  return undefined;
}
