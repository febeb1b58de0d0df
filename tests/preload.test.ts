import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "..");

/** Runs JavaScript in a process of its own that has loaded what Pulumi.yaml names, then the entry point that Pulumi's runner loads first. */
function run(script: string): string {
  const args = ["-r", "./preload.cjs", "-r", "source-map-support/register", "-e", script];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", timeout: 60_000 });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

describe("preload.cjs", () => {
  it("prints an error whose frames lie in a scope's own folder, without colours", () => {
    const text = run(
      'const e = new Error("boom"); e.stack = "Error: boom\\n    at x (/p/node_modules/@pulumi/resource.ts:1:1)";' +
        'process.stdout.write(require("util").inspect(e, { colors: true }))',
    );
    assert.equal(text, "Error: boom\n    at x (/p/node_modules/@pulumi/resource.ts:1:1)");
  });

  it("leaves the rest of util.inspect as it is", () => {
    assert.equal(
      run('process.stdout.write(require("util").inspect({ a: [1] }, { compact: false }))'),
      "{\n  a: [\n    1\n  ]\n}",
    );
    assert.match(run('process.stdout.write(String(require("util").inspect.custom))'), /nodejs\.util\.inspect\.custom/);
  });

  it("names the line of the TypeScript file that threw", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "cline-preload-"));
    try {
      const file = path.join(folder, "thrower.ts");
      writeFileSync(
        file,
        "interface Wide {\n  readonly a: string;\n}\n\nexport function thrower(_: Wide): never {\n  throw new Error();\n}\n",
      );
      const stack = run(
        `try { require(${JSON.stringify(file)}).thrower() } catch (e) { process.stdout.write(e.stack) }`,
      );
      assert.match(stack, /thrower\.ts:6:/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
