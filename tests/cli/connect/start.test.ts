import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fixtureStacks, testProject, type TestProject } from "../../support/project";

describe("connect's bundle", () => {
  let project: TestProject;
  let home: string;
  before(() => {
    project = testProject(fixtureStacks());
    home = mkdtempSync(path.join(tmpdir(), "connect-home-"));
  });
  after(() => {
    project.remove();
    rmSync(home, { recursive: true });
  });
  const run = (node: readonly string[], ...args: string[]) => {
    const env = { PATH: process.env["PATH"], HOME: home };
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
      cwd: tmpdir(),
      env,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const file = (name: string): string => path.join(project.root, "cli", name);
  const start = (...args: string[]) => run([file("connect/start.cjs")], ...args);
  const loaded = (...args: string[]) => run(["-r", require.resolve("tsx/cjs"), file("main.ts"), "connect"], ...args);
  const cache = (): string => path.join(home, ".cache/cline-landing-zone");

  it("says what the sources say: documents, faults, help and exit codes", () => {
    for (const args of [["tanaka", "--print"], ["tanaka", "--export"], ["tanak"], ["tanaka", "--por"], ["--help"]]) {
      const made = start(...args);
      assert.deepEqual(made, loaded(...args));
      assert.notEqual(`${made.stdout}${made.stderr}`, "");
    }
  });

  it("is kept for this user alone, and serves until a source changes", () => {
    start("tanaka", "--print");
    const [name = "", ...more] = readdirSync(cache());
    assert.deepEqual(more, []);
    const kept = path.join(cache(), name);
    assert.deepEqual([statSync(kept).mode & 0o777, statSync(cache()).mode & 0o777], [0o600, 0o700]);
    const { ino } = statSync(kept);
    start("tanaka", "--print");
    assert.equal(statSync(kept).ino, ino);
    appendFileSync(file("connect/files/connect.sh"), "# a new line\n");
    assert.match(start("tanaka", "--export").stdout, /# a new line\n$/);
    assert.equal(statSync(kept).ino, ino);
    appendFileSync(file("connect/printed.ts"), 'process.on("exit", () => process.stdout.write("changed\\n"));\n');
    assert.match(start("tanaka", "--print").stdout, /\nchanged\n$/);
    assert.notEqual(statSync(kept).ino, ino);
    rmSync(kept);
    appendFileSync(kept, "// half of one");
    assert.match(start("tanaka", "--print").stdout, /\nchanged\n$/);
  });

  it("runs where it cannot be kept", () => {
    rmSync(cache(), { recursive: true });
    appendFileSync(cache(), "a file in its place");
    chmodSync(cache(), 0o400);
    assert.match(start("tanaka", "--print").stdout, /\nchanged\n$/);
    assert.equal(existsSync(path.join(cache(), "x")), false);
  });
});
