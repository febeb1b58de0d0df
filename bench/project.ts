import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseDocument } from "yaml";

/** A copy of the project with stack files of its own; everything else is linked. */
export interface BenchProject {
  readonly root: string;
  readonly remove: () => void;
}

/** The shipped platform, and a department per size: `bench-50` has 50 developers. */
export function benchProject(home: string, sizes: readonly number[]): BenchProject {
  const root = mkdtempSync(path.join(tmpdir(), "cline-bench-"));
  for (const name of ["node_modules", "config", "components", "functions", "package.json", "package-lock.json"])
    symlinkSync(path.join(home, name), path.join(root, name));
  for (const name of ["index.ts", "compose.ts", "Pulumi.yaml", "tsconfig.json"])
    copyFileSync(path.join(home, name), path.join(root, name));
  mkdirSync(path.join(root, "stacks"));
  writeFileSync(path.join(root, "stacks/Pulumi.platform.yaml"), platform(home));
  for (const size of sizes) writeFileSync(path.join(root, `stacks/Pulumi.bench-${size}.yaml`), department(size));
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

/** The shipped platform without what it says of departments that are not there. */
function platform(home: string): string {
  const file = parseDocument(readFileSync(path.join(home, "stacks/Pulumi.platform.yaml"), "utf8"));
  const settings = ["config", "cline:platform"];
  file.deleteIn([...settings, "extraBudgets"]);
  file.setIn([...settings, "caps"], { default: file.getIn([...settings, "caps", "default"]) });
  return file.toString();
}

const department = (size: number): string =>
  [
    "config:",
    "  aws:region: ap-northeast-1",
    "  cline:sharedFrom: platform",
    "  cline:department:",
    `    lead: lead-${size}`,
    "    developers:",
    ...Array.from({ length: size }, (_, i) => `      dev-${size}-${i}: {}`),
    "",
  ].join("\n");

/** A pack without policies, for what starting any pack costs. */
export function emptyPack(home: string): BenchProject {
  const root = mkdtempSync(path.join(tmpdir(), "cline-bench-pack-"));
  symlinkSync(path.join(home, "node_modules"), path.join(root, "node_modules"));
  const index = 'new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n';
  mkdirSync(path.join(root, "dist"));
  writeFileSync(path.join(root, "dist/index.js"), index);
  writeFileSync(path.join(root, "package.json"), '{ "name": "empty", "version": "1.0.0", "main": "dist/index.js" }\n');
  writeFileSync(path.join(root, "PulumiPolicy.yaml"), "runtime: { name: nodejs, options: { typescript: false } }\n");
  writeFileSync(path.join(root, "build.mjs"), "");
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
