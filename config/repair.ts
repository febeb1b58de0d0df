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

/** An entry of extraBudgets, likewise: an entry stays at its place, so that the paths of its other faults stay true. */
const placeholderEntry: unknown = {
  department: "unknown",
  amountUsd: 1,
  reason: "unknown",
  approvedBy: "unknown",
  until: "2000-01-01",
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
    for (const issue of result.error.issues) {
      if (issue.code === "unrecognized_keys") issue.keys.forEach((key) => remove(copy, [...issue.path, key]));
      else repair(copy, issue.path, placeholders[kind]);
    }
  }
  return undefined;
}

function repair(copy: unknown, path: Path, whole: unknown): void {
  const list = path.findIndex((part) => typeof part === "number");
  if (list >= 0) {
    const isEntry = path[list - 1] === "extraBudgets";
    // A list of words loses its positions with one of them: all of it goes.
    if (isEntry) fill(copy, path, at(placeholderEntry, path.slice(list + 1)));
    else remove(copy, path.slice(0, list));
  } else if (at(copy, path) !== undefined) remove(copy, path);
  else if (!fill(copy, path, at(whole, path))) remove(copy, path.slice(0, -1));
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
  if (isObject(parent) && name !== undefined) Reflect.deleteProperty(parent, name);
}
