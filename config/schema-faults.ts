import { z } from "zod";
import type { Concern, Fault, PlaceFault } from "./faults";
import { pathText, shown } from "./faults";
import { nearest } from "./nearest";
import { type About, abouts } from "./schema/keys";

/** Where the faults go, and what a lead can do about a model that the cap lacks. */
interface Place {
  readonly fault: PlaceFault;
  /** `ask for it in caps.engineering of stacks/Pulumi.platform.yaml`; absent on a platform. */
  readonly ask?: string;
}

/** Every way in which `raw` is not what the schema allows, in a user's words. */
export function schemaFaults(schema: z.ZodType, raw: unknown, { fault, ask }: Place): Fault[] {
  return (schema.safeParse(raw).error?.issues ?? []).flatMap((issue): Fault[] => {
    if (issue.code === "unrecognized_keys") {
      const node = nodeAt(schema, issue.path);
      const known = node instanceof z.ZodObject ? Object.keys(node.shape) : [];
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        const next = near === undefined ? "remove it" : `did you mean ${near}?`;
        return fault([...issue.path, key], "an unknown key", known.join(", "), next);
      });
    }
    const path = pathText(issue.path);
    const isKey = issue.code === "invalid_key";
    const { allowed, example } = aboutAt(schema, issue.path, isKey);
    const value = isKey ? issue.path.at(-1) : valueAt(raw, issue.path);
    const found = path.endsWith("sshPublicKey") ? "something else (not shown)" : shown(value);
    const text = JSON.stringify(example);
    const next =
      ask !== undefined && /\.models\[\d+\]$/.test(path)
        ? `choose one of these or ${ask}`
        : value === undefined || value === null
          ? `write it, for example ${text}`
          : `for example ${text}`;
    return [fault(issue.path, found, allowed, next, concernOf(path))];
  });
}

/** What other files' checks need of a file: without it sums, people and networks are in doubt. */
export function concernOf(path: string): Concern | undefined {
  if (/^(config|cline:(sharedFrom|department|department\.monthlyBudgetUsd))$/.test(path)) return "sums";
  if (/^cline:platform(\.(monthlyBudgetUsd|caps\b.*|extraBudgets\b.*))?$/.test(path)) return "sums";
  if (/^cline:department\.(lead|deputies.*|developers(\.[^.]+(\.signIn)?)?)$/.test(path)) return "people";
  if (/^cline:network(\.cidr)?$/.test(path)) return "networks";
  return undefined;
}

/** The schema's node at a path; undefined where the path leaves the schema. */
export function nodeAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let node: z.ZodType | undefined = schema;
  for (const part of path) {
    node = unwrapped(node);
    if (node instanceof z.ZodObject) node = (node.shape as Record<PropertyKey, z.ZodType | undefined>)[part];
    else if (node instanceof z.ZodRecord) node = node.valueType as z.ZodType;
    else if (node instanceof z.ZodArray) node = node.element as z.ZodType;
    else return undefined;
  }
  return unwrapped(node);
}

function unwrapped(node: z.ZodType | undefined): z.ZodType | undefined {
  return node instanceof z.ZodExactOptional ? unwrapped(node.unwrap() as z.ZodType) : node;
}

function aboutAt(schema: z.ZodType, path: readonly PropertyKey[], isKey: boolean): About {
  const parent = isKey ? nodeAt(schema, path.slice(0, -1)) : undefined;
  const node = parent instanceof z.ZodRecord ? (parent.keyType as unknown as z.ZodType) : nodeAt(schema, path);
  const about = node && abouts.get(node);
  if (!about) throw new Error(`the schema says nothing about ${pathText(path)}`);
  return about;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    raw,
  );
}
