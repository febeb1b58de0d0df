import { z } from "zod";
import type { Fault, PlaceFault } from "./faults";
import { pathText, shown } from "./faults";
import { nearest } from "./nearest";
import { aboutAt, concernAt, nodeAt } from "./schema/nodes";

/** Destination of the faults, and the next step for a model tier that the cap lacks. */
interface Place {
  readonly fault: PlaceFault;
  /** `ask for it in caps.engineering of stacks/Pulumi.platform.yaml`; absent on a platform. */
  readonly ask?: string;
}

/** Every issue of `raw` under the schema, as faults. */
export function schemaFaults(
  schema: z.ZodType,
  raw: unknown,
  issues: readonly z.core.$ZodIssue[],
  { fault, ask }: Place,
): Fault[] {
  return issues.flatMap((issue): Fault[] => {
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
        : isDouble(value)
          ? "write each entry once"
          : value === undefined || value === null
            ? `write it, for example ${text}`
            : `for example ${text}`;
    return [fault(issue.path, found, allowed, next, concernAt(schema, issue.path))];
  });
}

const isDouble = (value: unknown): boolean =>
  Array.isArray(value) && new Set(value.map((each) => JSON.stringify(each))).size < value.length;

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    raw,
  );
}
