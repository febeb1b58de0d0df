import type { z } from "zod";
import type { DepartmentFile, PlatformFile } from "./schema";

type Path = readonly PropertyKey[];

/** Harmless values for required keys, so that one missing key does not hide the other faults of its file. Checks keep silent about faulty paths. */
const placeholders: Readonly<Record<"platform" | "department", unknown>> = {
  platform: {
    config: {
      "aws:region": "xx-unknown-0",
      "aws:allowedAccountIds": ["000000000000"],
      "cline:platform": {
        organization: "unknown",
        monthlyBudgetUsd: 10_000_000,
        alertEmails: ["unknown@example.com"],
        residency: "global",
        mfaMode: "assume-role",
        operators: ["unknown"],
        auditors: ["unknown"],
        caps: {},
      },
      "cline:network": { cidr: "0.0.0.0/0" },
      "cline:gateway": {},
      "cline:observability": {},
    },
  },
  department: {
    config: {
      "aws:region": "xx-unknown-0",
      "cline:sharedFrom": "unknown",
      "cline:department": { lead: "unknown", developers: {} },
      "cline:network": { cidr: "0.0.0.0/0" },
    },
  },
};

/**
 * The file without what the schema refuses: a refused value is taken out, a missing one replaced by a placeholder or its parent taken out.
 * Undefined when nothing useful is left.
 */
export function repaired(
  kind: "platform" | "department",
  schema: z.ZodType<PlatformFile | DepartmentFile>,
  raw: object,
): PlatformFile | DepartmentFile | undefined {
  const copy = structuredClone(raw);
  // Each round takes out one level; the schema is eight deep.
  for (let round = 0; round < 12; round++) {
    const result = schema.safeParse(copy);
    if (result.success) return result.data;
    const removals: Path[] = [];
    for (const issue of result.error.issues) {
      if (issue.code === "unrecognized_keys") removals.push(...issue.keys.map((key) => [...issue.path, key]));
      else if (at(copy, issue.path) !== undefined) removals.push(issue.path);
      else if (!fill(copy, issue.path, at(placeholders[kind], issue.path))) removals.push(issue.path.slice(0, -1));
    }
    // From the end, so that removing from a list does not move what is still to be removed.
    removals.sort(later).forEach((path) => remove(copy, path));
  }
  return undefined;
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((here, part) => (isObject(here) ? here[part] : undefined), value);

const isObject = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === "object" && value !== null;

function fill(value: unknown, path: Path, placeholder: unknown): boolean {
  const parent = at(value, path.slice(0, -1));
  const name = path.at(-1);
  if (placeholder === undefined || !isObject(parent) || name === undefined) return false;
  parent[name] = structuredClone(placeholder);
  return true;
}

function remove(value: unknown, path: Path): void {
  const parent = at(value, path.slice(0, -1));
  const name = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else if (isObject(parent) && name !== undefined) Reflect.deleteProperty(parent, name);
}

function later(a: Path, b: Path): number {
  const last = (path: Path) => (typeof path.at(-1) === "number" ? Number(path.at(-1)) : -1);
  return last(b) - last(a);
}
