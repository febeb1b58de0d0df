import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { changedProgram, copyBase } from "../../cli/base";
import { UsageError } from "../../cli/usage";

/** Files by path. */
type Files = Readonly<Record<string, string>>;

function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

describe("cli: the base of a comparison", () => {
  let root: string;
  const git = (...args: string[]): void => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  before(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "root-")));
    write(root, {
      "index.ts": "old",
      "stacks/Pulumi.a.yaml": "old",
      "policy-pack/src/index.ts": "pack",
      "docs/page.md": "old",
      ".gitignore": "node_modules\ndist\n",
      "node_modules/some/index.js": "package",
      "policy-pack/dist/index.js": "built",
    });
    git("init", "--quiet", "--initial-branch", "main");
    git("add", "--all");
    git("commit", "--quiet", "--message", "old");
    write(root, { "index.ts": "new", "stacks/Pulumi.a.yaml": "new", "components/added.ts": "", "docs/page.md": "new" });
  });
  after(() => rmSync(root, { recursive: true }));
  const text = (folder: string, name: string): string => readFileSync(path.join(folder, name), "utf8");

  it("is a git revision, with the packages and builds of this checkout, and is gone when removed", () => {
    const { folder, remove } = copyBase(root, "HEAD");
    assert.equal(text(folder, "index.ts"), "old");
    assert.equal(text(folder, "stacks/Pulumi.a.yaml"), "old");
    assert.equal(text(folder, "node_modules/some/index.js"), "package");
    assert.equal(text(folder, "policy-pack/dist/index.js"), "built");
    remove();
    assert.equal(existsSync(folder), false);
    assert.equal(text(root, "node_modules/some/index.js"), "package");
  });

  it("is a folder: with a program its own, without one this checkout's over its stack files", () => {
    const other = mkdtempSync(path.join(tmpdir(), "other-"));
    write(other, { "stacks/Pulumi.a.yaml": "other" });
    const stacksOnly = copyBase(root, other);
    assert.deepEqual(
      [text(stacksOnly.folder, "index.ts"), text(stacksOnly.folder, "stacks/Pulumi.a.yaml")],
      ["new", "other"],
    );
    assert.deepEqual(changedProgram(stacksOnly.folder, root), []);
    write(other, { "index.ts": "other" });
    const whole = copyBase(root, other);
    assert.equal(text(whole.folder, "index.ts"), "other");
    assert.equal(text(other, "stacks/Pulumi.a.yaml"), "other");
    for (const { remove } of [stacksOnly, whole]) remove();
    rmSync(other, { recursive: true });
  });

  it("differs in the files of the program: neither in stack files nor in documents, packages and builds", () => {
    const { folder, remove } = copyBase(root, "main");
    assert.deepEqual(changedProgram(folder, root), ["components/added.ts", "index.ts"]);
    remove();
  });

  it("does not differ in what git ignores: builds, caches and logs", () => {
    const ignored = readFileSync(path.join(__dirname, "../../.gitignore"), "utf8").trim().split("\n");
    assert.ok(ignored.includes("__pycache__/") && ignored.includes("*.log"));
    const left = ignored.map((line) => path.join("components", line.replace("*", "any").replace(/\/$/, "/file")));
    write(root, Object.fromEntries(left.map((file) => [file, "left"])));
    const { folder, remove } = copyBase(root, "main");
    assert.deepEqual(changedProgram(folder, root), ["components/added.ts", "index.ts"]);
    remove();
    for (const file of left) rmSync(path.join(root, file));
  });

  it("is refused with what to do when it is neither", () => {
    for (const base of ["no-such-branch", "--output=x", path.join(root, "docs")])
      assert.throws(
        () => copyBase(root, base),
        (error) => error instanceof UsageError && /^--base: found .*; allowed /.test(error.message),
      );
  });

  it("is removed when the command is interrupted", async () => {
    const script = `
      const { folder } = require(${JSON.stringify(path.join(__dirname, "../../cli/base.ts"))}).copyBase(${JSON.stringify(root)}, "HEAD");
      process.stdout.write(folder);
      setInterval(() => undefined, 1000);`;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "-e", script]);
      const folder = await new Promise<string>((resolve) =>
        child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
      );
      assert.ok(existsSync(folder));
      const code = new Promise((resolve) => child.once("close", resolve));
      child.kill(signal);
      assert.equal(await code, signal === "SIGINT" ? 130 : 143);
      assert.equal(existsSync(folder), false);
    }
  });
});
