// Mutation test of the baselines: `npm run mutation --workspace policy-pack`. Slow and heavy, so outside of the usual checks.
// Stryker's runner wants an older mocha than the project's: both go into a cache folder, and never become dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const cache = path.join(root, ".cache/stryker");
const packages = ["@stryker-mutator/core@9.6.1", "@stryker-mutator/mocha-runner@9.6.1", "mocha@11.7.5"];
const files = process.argv.slice(2);

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const runner = path.join(cache, "node_modules/@stryker-mutator/mocha-runner/dist/src/index.js");
if (!existsSync(runner)) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, "package.json"), "{}");
  run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], cache);
}
const configuration = {
  testRunner: "mocha",
  plugins: [runner],
  mutate: files.length > 0 ? files : ["policy-pack/src/baselines/**/*.ts"],
  // Texts of findings and metadata are no behaviour; the catalogue's tests hold what can be held of them.
  mutator: { excludedMutations: ["StringLiteral"] },
  mochaOptions: { "no-config": true, require: ["tsx/cjs"], spec: ["policy-pack/tests/baselines/*.test.ts"] },
  coverageAnalysis: "perTest",
  // What runs once at load is data: types, tags, paths. The catalogue and the table have tests of their own.
  ignoreStatic: true,
  concurrency: 1,
  ignorePatterns: ["/*", "!/policy-pack", "!/tests", "!/package.json", "!/tsconfig.json", "policy-pack/dist"],
  tempDirName: ".stryker-tmp",
  reporters: ["clear-text", "progress", "json"],
  jsonReporter: { fileName: ".cache/stryker/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  checkers: [],
  thresholds: { high: 95, low: 85, break: 85 },
  timeoutMS: 20_000,
};
writeFileSync(path.join(cache, "stryker.json"), JSON.stringify(configuration));
run(
  process.execPath,
  [path.join(cache, "node_modules/@stryker-mutator/core/bin/stryker.js"), "run", path.join(cache, "stryker.json")],
  root,
);
