import { z } from "zod";
import type { Known } from "./known";
import { abouts, type Filled, required } from "./schema/setting";

/** A kind of mapping, as `mapping` of schema/kinds creates it. */
export interface Section<Shape extends z.core.$ZodLooseShape = z.core.$ZodLooseShape> {
  readonly schema: z.ZodObject<Shape, z.core.$strict>;
}

type ShapeOf<S> = S extends Section<infer Shape> ? Shape : never;

type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** The type of one setting in a checked spec. */
type Value<Node> =
  Node extends z.ZodExactOptional<infer Z>
    ? Value<Z>
    : Node extends z.ZodObject<infer Shape>
      ? SpecOf<Shape>
      : Node extends z.ZodArray<infer Element>
        ? readonly Value<Element>[]
        : Node extends z.ZodRecord<z.core.$ZodRecordKey, infer Of>
          ? Readonly<Record<string, z.output<Of>>>
          : Node extends z.ZodType
            ? z.output<Node>
            : never;

type AbsentKeys<Shape> = {
  [K in keyof Shape]: Shape[K] extends Filled<z.ZodType, "default" | "given">
    ? never
    : Shape[K] extends z.ZodExactOptional
      ? K
      : never;
}[keyof Shape];

type GivenKeys<Shape> = {
  [K in keyof Shape]: Shape[K] extends Filled<z.ZodType, "given"> ? K : never;
}[keyof Shape];

type SpecOf<Shape> = Simplify<
  { readonly [K in Exclude<keyof Shape, AbsentKeys<Shape>>]: Value<Shape[K]> } & {
    readonly [K in AbsentKeys<Shape>]?: Value<Shape[K]>;
  }
>;

/**
 * A section of a checked spec: every required setting is present. Mappings by name stay as in the
 * file.
 */
export type Spec<S> = SpecOf<ShapeOf<S>>;

/** A section of a file without faults. */
export type Written<S> = S extends Section<infer Shape> ? z.output<z.ZodObject<Shape, z.core.$strict>> : never;

/** Values of settings that are left out, from the level above: all settings without a default. */
type Above<Shape> = Partial<SpecOf<Shape>> & Pick<SpecOf<Shape>, GivenKeys<Shape> & keyof SpecOf<Shape>>;

/**
 * Fills in one section: the file's value, else the level above's, else the declared default. A
 * nested mapping is filled setting by setting, unless a spec may lack it: then the nearest level
 * that has it provides all of it.
 */
export function fill<Shape extends z.core.$ZodLooseShape>(
  section: Section<Shape>,
  own: z.output<z.ZodObject<Shape, z.core.$strict>>,
  above: Above<Shape>,
): SpecOf<Shape> {
  return filled(section.schema, own, above) as SpecOf<Shape>;
}

/** Like {@link fill}, for a section that may have faults: faulty settings stay unknown. */
export function fillKnown<Shape extends z.core.$ZodLooseShape>(
  section: Section<Shape>,
  own: Known<z.output<z.ZodObject<Shape, z.core.$strict>>>,
): Known<SpecOf<Shape>> {
  return filled(section.schema, own, {}) as Known<SpecOf<Shape>>;
}

type Values = Readonly<Record<string, unknown>>;

function filled(schema: z.ZodObject, own: Values, above: Values): Values {
  const spec: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(schema.shape)) {
    const value =
      name in own && own[name] === undefined ? undefined : valueOf(node as z.ZodType, own[name], above[name], spec);
    if (value !== undefined) spec[name] = value;
  }
  return spec;
}

function valueOf(outer: z.ZodType, own: unknown, above: unknown, siblings: Values): unknown {
  const node = required(outer);
  const about = abouts.get(node);
  const fallback = typeof about?.default === "function" ? (about.default as Computed)(siblings) : about?.default;
  const nearest = own ?? above ?? fallback;
  if (!(node instanceof z.ZodObject) || nearest === undefined) return nearest;
  return about?.optional
    ? filled(node, nearest as Values, {})
    : filled(node, (own ?? {}) as Values, (above ?? {}) as Values);
}

type Computed = (siblings: Values) => unknown;
