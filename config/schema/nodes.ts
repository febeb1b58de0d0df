import { z } from "zod";
import type { Concern } from "../faults";
import { type About, abouts, required } from "./setting";

type Path = readonly PropertyKey[];

/**
 * The schema's node at a path, without its optional wrapper; undefined where the path leaves the
 * schema.
 */
export function nodeAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((node, part) => node && childOf(node, part), schema);
}

function childOf(node: z.ZodType, part: PropertyKey): z.ZodType | undefined {
  const child =
    node instanceof z.ZodObject
      ? (node.shape as Record<PropertyKey, z.ZodType | undefined>)[part]
      : node instanceof z.ZodRecord
        ? (node.valueType as z.ZodType)
        : node instanceof z.ZodArray
          ? (node.element as z.ZodType)
          : undefined;
  return child && required(child);
}

/**
 * The declaration of the setting at a path. @throws Error where the schema has none, which a test
 * excludes.
 */
export function aboutAt(schema: z.ZodType, path: Path, isKey = false): About {
  const container = isKey ? nodeAt(schema, path.slice(0, -1)) : undefined;
  const node = container instanceof z.ZodRecord ? (container.keyType as unknown as z.ZodType) : nodeAt(schema, path);
  const about = node && abouts.get(node);
  if (!about) throw new Error(`the schema says nothing about ${path.map(String).join(".")}`);
  return about;
}

/** The concern of the setting at a path: its own, or that of its list or mapping by name. */
export function concernAt(schema: z.ZodType, path: Path): Concern | undefined {
  let node: z.ZodType | undefined = schema;
  let concern: Concern | undefined;
  for (const part of path) {
    const isElement: boolean = !(node instanceof z.ZodObject);
    node = node && childOf(node, part);
    concern = (node && abouts.get(node)?.concern) ?? (isElement && node ? concern : undefined);
  }
  return concern;
}
