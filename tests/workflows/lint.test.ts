import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "../..");

/** Runs a checker over the repository: it has to end with 0. */
function accepts(program: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  assert.ifError(error);
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

describe("the workflows", () => {
  it("are what actionlint accepts, their shell too", () => accepts("actionlint"));
  it("and the update bot are what zizmor accepts, without a network", () =>
    accepts("zizmor", "--offline", "--no-progress", ".github/workflows", ".github/dependabot.yml"));
});

describe("the scripts of pull requests", () => {
  for (const name of readdirSync(path.join(root, "scripts")).filter((each) => each.endsWith(".sh")))
    it(`${name} is what shellcheck accepts`, () => accepts("shellcheck", "--severity=style", `scripts/${name}`));
});
