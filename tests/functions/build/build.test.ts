import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildFunctions, bundleFolder, functionNames } from "../../../functions/build";

const root = path.join(__dirname, "../../..");

describe("bundles of the functions", () => {
  let copy: string;
  before(() => {
    copy = realpathSync(mkdtempSync(path.join(tmpdir(), "functions-")));
    const kept = (file: string) => path.basename(file) !== "dist";
    for (const entry of ["functions", "config"])
      cpSync(path.join(root, entry), path.join(copy, entry), { recursive: true, filter: kept });
    for (const file of ["package.json", "package-lock.json", "tsconfig.json"])
      cpSync(path.join(root, file), path.join(copy, file));
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  });
  after(() => rmSync(copy, { recursive: true }));

  const bundles = (folder: string) =>
    functionNames(folder).map((name) => readFileSync(path.join(bundleFolder(folder, name), "index.js"), "utf8"));

  it("are the same bytes wherever the repository lies and its packages are linked from", () => {
    buildFunctions(root);
    assert.equal(buildFunctions(copy), true);
    assert.ok(functionNames(copy).length > 0);
    assert.ok(bundles(copy).every((bundle, i) => bundle === bundles(root)[i]));
  });

  it("hold a handler each, and load without node_modules", () => {
    buildFunctions(copy);
    const bare = realpathSync(mkdtempSync(path.join(tmpdir(), "bare-")));
    try {
      cpSync(path.join(copy, "functions/dist"), bare, { recursive: true });
      const load = `for (const name of ${JSON.stringify(functionNames(copy))})
        if (typeof require("./" + name + "/index.js").handler !== "function") throw new Error(name);`;
      execFileSync(process.execPath, ["-e", load], { cwd: bare, env: { AWS_REGION: "ap-northeast-1" }, stdio: "pipe" });
    } finally {
      rmSync(bare, { recursive: true });
    }
  });

  it("are made again when a source changes, and only then", () => {
    assert.equal(buildFunctions(copy), false);
    const file = path.join(copy, "functions/gateway-canary/probe.ts");
    const before = bundles(copy);
    writeFileSync(file, readFileSync(file, "utf8").replace('"light"', '"standard"'));
    assert.equal(buildFunctions(copy), true);
    const changed = functionNames(copy).filter((_name, i) => bundles(copy)[i] !== before[i]);
    assert.deepEqual(changed, ["gateway-canary"]);
  });
});
