import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Policy } from "../src/frame/policy";

/**
 * What a case shows of a policy: nothing found where all is well, a violation, nothing found where
 * something looks like one, and no silence about what is not known.
 */
export const SORTS = ["compliant", "spoiled", "near miss", "unknown"] as const;
export type Sort = (typeof SORTS)[number];

const declared = new Map<string, Set<Sort>>();

/** Policies that a resource of their types always breaks: nothing can comply, or come close to it. */
export const ALWAYS_BROKEN: readonly string[] = ["iam-no-users", "net-no-eip", "net-no-internet-gateway"];

/** Notes the sorts of cases that a test file has for a policy. */
export function declare({ name }: Policy, sorts: Readonly<Partial<Record<Sort, boolean>>>): void {
  const known = declared.get(name) ?? new Set();
  for (const sort of SORTS) if (sorts[sort]) known.add(sort);
  declared.set(name, known);
}

/** Loads every test file of the pack without running a test, and prints the sorts by policy. */
function list(): void {
  const load = createRequire(__filename);
  const skip = (): void => undefined;
  const suite = (_: string, body: () => void): void => body();
  Object.assign(globalThis, {
    describe: suite,
    it: skip,
    before: skip,
    after: skip,
    beforeEach: skip,
    afterEach: skip,
  });
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".test.ts"))) load(path.join(__dirname, file));
  process.stdout.write(JSON.stringify(Object.fromEntries([...declared].map(([name, sorts]) => [name, [...sorts]]))));
}

if (require.main === module) list();
