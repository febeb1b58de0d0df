import type { Models } from "./schema";

/** A value of an argument, read from GraphQL; an integer beyond what a number holds exactly is a bigint. */
export type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [name: string]: Value };

const isObject = (value: Value): value is Readonly<Record<string, Value>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Operators of filters and of writes whose operand is a value of the field itself. */
const operands = new Set(
  ["equals", "not", "in", "notIn", "lt", "lte", "gt", "gte", "set", "push"].concat([
    "has",
    "hasEvery",
    "hasSome",
    "array_contains",
    "array_starts_with",
    "array_ends_with",
  ]),
);

/** Arguments that name fields or directions and hold no values. */
const words = new Set(["orderBy", "by", "distinct"]);

/** Words under a relation's field that prisma-client-py knows, behind which come fields of the related model. */
const relationWords = new Set([
  "create",
  "connect",
  "disconnect",
  "set",
  "update",
  "delete",
  "deleteMany",
  "is",
  "isNot",
  "some",
  "every",
  "none",
]);

/**
 * Gives the arguments of a query the types that GraphQL leaves open and the engine's JSON protocol wants to see: texts at Json
 * fields and integers beyond 2^53. Everything else is the same in both.
 */
export class Typing {
  constructor(private readonly models: Models) {}

  /** Arguments of a query, or of a relation in its selection, on `model`. */
  arguments(args: Readonly<Record<string, Value>>, model: string): unknown {
    return mapObject(args, (value, name) => (words.has(name) ? plain(value) : this.fields(value, model)));
  }

  private fields(value: Value, model: string): unknown {
    if (Array.isArray(value)) return value.map((element: Value) => this.fields(element, model));
    if (!isObject(value)) return plain(value);
    return mapObject(value, (inner, name) => {
      const type = this.models.get(model)?.get(name)?.type;
      if (type === undefined) return this.fields(inner, model);
      if (type === "Json") return json(inner);
      return this.models.has(type) ? this.relation(inner, type) : plain(inner);
    });
  }

  private relation(value: Value, model: string): unknown {
    if (!isObject(value) || !Object.keys(value).every((name) => relationWords.has(name)))
      return this.fields(value, model);
    return mapObject(value, (inner, name) =>
      name === "update" && hasArguments(inner)
        ? this.each(inner, (one) => this.arguments(one, model))
        : this.fields(inner, model),
    );
  }

  private each(value: Value, change: (one: Readonly<Record<string, Value>>) => unknown): unknown {
    if (Array.isArray(value)) return value.map((one: Value) => this.each(one, change));
    return isObject(value) ? change(value) : plain(value);
  }
}

/** An update of one of many related rows says which and what; one of a single row may name its fields at once. */
function hasArguments(value: Value): boolean {
  if (Array.isArray(value)) return true;
  return (
    isObject(value) &&
    Object.keys(value).every((name) => name === "where" || name === "data") &&
    isObject(value["data"] ?? null)
  );
}

const mapObject = (
  value: Readonly<Record<string, Value>>,
  change: (inner: Value, name: string) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner, name)]));

function plain(value: Value): unknown {
  if (typeof value === "bigint") return { $type: "BigInt", value: value.toString() };
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? mapObject(value, plain) : value;
}

/** A Json field's value is a text in JSON; in a filter or a `set` that holds for the operands, not for a path or a mode. */
function json(value: Value): unknown {
  if (typeof value === "string") return { $type: "Json", value };
  if (Array.isArray(value)) return value.map(json);
  return isObject(value)
    ? mapObject(value, (inner, name) => (operands.has(name) ? json(inner) : plain(inner)))
    : plain(value);
}
