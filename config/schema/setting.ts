import { z } from "zod";
import type { Concern } from "../faults";
import type { Kind } from "./kinds";

/** The level that provides the value of a setting left out. */
export type Level = "platform" | "cap" | "caps.default" | "department";

const levelWords: Readonly<Record<Level, string>> = {
  platform: "the platform's",
  cap: "the cap",
  "caps.default": "caps.default",
  department: "the department's",
};

interface Declared {
  /** Meaning, unit, and the effect of a change. */
  readonly meaning: string;
  readonly example: unknown;
  /**
   * Facts across files that a fault here makes uncertain. Elements of lists and mappings by name
   * have their container's.
   */
  readonly concern?: Concern | undefined;
}

/**
 * A setting as declared: source of the editor's help, the reference table, the fault texts and the
 * checked spec.
 */
export interface About extends Declared {
  /** Allowed values, in words. */
  readonly allowed: string;
  /** The effect of leaving the setting out, in words; absent: it is required. */
  readonly fallback?: string;
  /**
   * The value when the setting is left out and no level above has one, or a function of its
   * siblings.
   */
  readonly default?: unknown;
  /** True when a checked spec may lack it. */
  readonly optional: boolean;
}

/** Declarations of every setting, by its zod node. */
export const abouts = z.registry<About>();

declare const source: unique symbol;
/**
 * A setting that a stack file may leave out and a checked spec has: from its default, or from the
 * resolver.
 */
export type Filled<Z extends z.ZodType, Source extends "default" | "given"> = z.ZodExactOptional<Z> & {
  readonly [source]: Source;
};

interface Default<T> extends Declared {
  readonly default: T;
  /** The default in words, where the value alone is not clear. */
  readonly words?: string;
  /** Level whose value comes before the default. */
  readonly inherits?: Level | undefined;
}
interface Computed<T> extends Declared {
  /** The value from the section's settings declared before it. */
  readonly default: (siblings: never) => T;
  readonly words: string;
}
interface Absent extends Declared {
  /** The meaning of its absence in a checked spec, in words. */
  readonly absent: string;
  readonly inherits?: Level | undefined;
}
interface Given extends Declared {
  /** The value when left out, in words. */
  readonly derived: string;
}
interface Inherited extends Declared {
  readonly inherits: Level;
}

/**
 * Declares one setting of a stack file. It is required, or it declares the effect of leaving it
 * out. That is a `default`, the value of the level it `inherits`, a value `derived` from others, or
 * `absent`.
 */
export function setting<Z extends z.ZodType>(
  kind: Kind<Z>,
  about: Default<z.output<Z>> | Computed<z.output<Z>>,
): Filled<Z, "default">;
export function setting<Z extends z.ZodType>(kind: Kind<Z>, about: Absent): z.ZodExactOptional<Z>;
export function setting<Z extends z.ZodType>(kind: Kind<Z>, about: Given | Inherited): Filled<Z, "given">;
export function setting<Z extends z.ZodType>(kind: Kind<Z>, about: Declared): Z;
export function setting(
  { schema, allowed }: Kind<z.ZodType>,
  about: Declared & Partial<Default<unknown> & Absent & Given>,
): z.ZodType {
  const fallback = fallbackWords(about);
  const lines = [about.meaning, `Allowed: ${allowed}.`, ...(fallback === undefined ? [] : [`Default: ${fallback}.`])];
  const node = schema.meta({ description: lines.join("\n"), examples: [about.example] });
  abouts.add(node, {
    ...about,
    allowed,
    optional: about.absent !== undefined,
    ...(fallback === undefined ? {} : { fallback }),
  });
  return fallback === undefined ? node : node.exactOptional();
}

function fallbackWords(about: Partial<Default<unknown> & Absent & Given>): string | undefined {
  if (about.inherits !== undefined) return levelWords[about.inherits];
  const said = about.words ?? about.derived ?? about.absent;
  return said ?? (about.default === undefined ? undefined : defaultWords(about.default));
}

function defaultWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A node without its optional wrapper. */
export function required(node: z.ZodType): z.ZodType {
  return node instanceof z.ZodExactOptional ? required(node.unwrap() as z.ZodType) : node;
}
