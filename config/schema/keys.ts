import { z } from "zod";

/** What a person must know of one key: source of the editor's help, the reference table and the error texts. */
export interface About {
  /** Meaning, unit, and what a change does. */
  readonly meaning: string;
  /** What values are allowed, in words. */
  readonly allowed: string;
  readonly example: unknown;
  /** What holds when the key is left out; absent: the key is required. */
  readonly default?: string | undefined;
}

/** About every key of the stack files' schema, by its zod node. */
export const abouts = z.registry<About>();

/** Gives a zod node its About, and editors their hover text. */
export function key<T extends z.ZodType>(schema: T, about: About): T {
  const lines = [about.meaning, `Allowed: ${about.allowed}.`];
  if (about.default !== undefined) lines.push(`Default: ${about.default}.`);
  const described = schema.meta({ description: lines.join("\n"), examples: [about.example] });
  abouts.add(described, about);
  return described;
}

type Words = Omit<About, "allowed">;

/** Dollars to the cent. Not `multipleOf`: editors compute 2085.51 % 0.01 in floating point and refuse it. */
const isCents = (usd: number) => Math.abs(usd * 100 - Math.round(usd * 100)) < 1e-6;

/** US dollars a month, to the cent. */
export const money = (about: Words, min: number) =>
  key(z.number().min(min).max(10_000_000).refine(isCents), {
    ...about,
    allowed: `a number of US dollars, ${min} to 10000000, with two decimals at most and no unit`,
  });

/** A whole number; `unit` is what one counts. */
export const whole = (about: Words, unit: string, min: number, max: number) =>
  key(z.int().min(min).max(max), { ...about, allowed: `a whole number of ${unit}, ${min} to ${max}` });

/** One of a fixed set of words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(about: Words, values: T) =>
  key(z.enum(values), { ...about, allowed: values.join(", ") });

/** Text of a pattern; `allowed` is the pattern in words. */
export const text = (about: About, pattern: RegExp) => key(z.string().regex(pattern), about);

/** A list without doubles. */
export const list = <T extends z.ZodType>(about: About, element: T, min: number, max: number) =>
  key(
    z
      .array(element)
      .min(min)
      .max(max)
      .refine((values) => new Set(values.map((value) => JSON.stringify(value))).size === values.length)
      .meta({ uniqueItems: true }),
    { ...about, allowed: max === 1 ? about.allowed : `${about.allowed}, each once` },
  );

/** A strict object: an unknown key is a fault. */
export const object = <T extends z.core.$ZodLooseShape>(about: Omit<About, "allowed">, shape: T) =>
  key(z.strictObject(shape), { ...about, allowed: `a mapping with ${Object.keys(shape).join(", ")}` });
