/** What a field of a model holds, as far as values differ between Prisma's two protocols. */
export interface Field {
  /** A scalar's name, an enum's, or a model's. */
  readonly type: string;
}

/** A schema's models: name of the model, name of the field, field. */
export type Models = ReadonlyMap<string, ReadonlyMap<string, Field>>;

/**
 * Reads models and their fields from a Prisma schema. Prisma's own reader gives the whole query language with it, 10 MB and a
 * second for LiteLLM's schema, at each start of an engine; names and types are one line per field.
 */
export function readModels(schema: string): Models {
  const models = new Map<string, Map<string, Field>>();
  let fields: Map<string, Field> | undefined;
  for (const line of schema.split("\n")) {
    const text = line.replace(/\/\/.*$/, "").trim();
    const model = /^model\s+(\w+)\s*\{/.exec(text)?.[1];
    if (model !== undefined) {
      fields = new Map();
      models.set(model, fields);
    } else if (text.startsWith("}")) {
      fields = undefined;
    } else {
      const [, name, type] = /^(\w+)\s+(\w+)/.exec(text) ?? [];
      if (fields !== undefined && name !== undefined && type !== undefined) fields.set(name, { type });
    }
  }
  return models;
}
