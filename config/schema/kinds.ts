import { z } from "zod";

/** A kind of value: its check and, in words, the values allowed. */
export interface Kind<Z extends z.ZodType> {
  readonly schema: Z;
  readonly allowed: string;
}

/** Any zod schema with its allowed values in words. */
export const kind = <Z extends z.ZodType>(schema: Z, allowed: string): Kind<Z> => ({ schema, allowed });

/**
 * Dollars to the cent. Not `multipleOf`: editors compute 2085.51 % 0.01 in floating point and
 * refuse it.
 */
const isCents = (usd: number) => Math.abs(usd * 100 - Math.round(usd * 100)) < 1e-6;

/** US dollars a month, to the cent. */
export const money = (min: number) =>
  kind(
    z.number().min(min).max(10_000_000).refine(isCents),
    `a number of US dollars, ${min} to 10000000, with two decimals at most and no unit`,
  );

/** A whole number of `unit`. */
export const whole = (unit: string, min: number, max: number) =>
  kind(z.int().min(min).max(max), `a whole number of ${unit}, ${min} to ${max}`);

/** One of a fixed set of words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  kind(z.enum(values), values.join(", "));

/** Text of a pattern; `allowed` is the pattern in words. */
export const text = (allowed: string, pattern: RegExp) => kind(z.string().regex(pattern), allowed);

/** A list without duplicates. */
export const list = <T extends z.ZodType>(allowed: string, element: T, min: number, max: number) =>
  kind(
    z
      .array(element)
      .min(min)
      .max(max)
      .refine((values) => new Set(values.map((value) => JSON.stringify(value))).size === values.length)
      .meta({ uniqueItems: true }),
    max === 1 ? allowed : `${allowed}, each once`,
  );

/** Settings by name; an unknown name is a fault. */
export const mapping = <T extends z.core.$ZodLooseShape>(shape: T) =>
  kind(z.strictObject(shape), `a mapping with ${Object.keys(shape).join(", ")}`);
