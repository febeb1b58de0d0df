import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileText, merged, platformConfig } from "../tests/support/specs";
import { testProject, type TestProject } from "../tests/support/project";

/** A platform, and a department per size: `bench-50` has 50 developers. */
export function benchProject(sizes: readonly number[]): TestProject {
  const ownCaps = { "cline:platform": { caps: { engineering: undefined } } };
  return testProject({
    "Pulumi.platform.yaml": fileText(merged(platformConfig, ownCaps)),
    ...Object.fromEntries(sizes.map((size) => [`Pulumi.bench-${size}.yaml`, department(size)])),
  });
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
export function emptyPack(home: string): TestProject {
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
