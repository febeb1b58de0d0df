import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { StackFiles } from "../config";
import { startPack, type PolicyPack } from "../offline/pack-client";
import { previewFiles } from "./support/deployed";
import { refusals } from "./support/judged";
import { steps, wishes } from "./support/onboarding";
import { fixtureStacks, root } from "./support/project";

/** The users' stack files, read by a process that the guard of tests/support/stacks-guard.cjs does not watch. */
const ownStacks = (): StackFiles =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ["-r", "tsx/cjs", "-p", 'JSON.stringify(require("./config").readStackFiles(process.cwd()))'],
      { cwd: root, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
    ),
  ) as StackFiles;

describe("stack files", function () {
  // A company's own files may be large.
  this.timeout(1_200_000);
  let pack: PolicyPack;
  before(async () => {
    pack = await startPack(path.join(root, "policy-pack"));
  });
  after(() => pack.close());

  /** What was judged before: an edit leaves most stacks as they are. */
  const judged = new WeakSet<object>();

  /** Every file loads, makes resources in a preview, and violates no mandatory policy. */
  async function accepted(files: StackFiles): Promise<void> {
    const stacks = await previewFiles(files);
    assert.equal(stacks.length, Object.keys(files).length);
    for (const stack of stacks) {
      assert.ok(stack.resources.length > 1, `${stack.spec.stack} makes nothing`);
      if (judged.has(stack.resources)) continue;
      assert.deepEqual(await refusals(stack, pack, false), [], stack.spec.stack);
      judged.add(stack.resources);
    }
  }

  it("in stacks/ load and are accepted", async () => {
    const files = ownStacks();
    assert.ok(Object.keys(files).length > 0);
    await accepted(files);
  });

  for (const [wish, edit] of Object.entries({ ...wishes, ...steps })) {
    it(`are accepted after an edit: ${wish}`, async () => {
      const before = fixtureStacks();
      const edited = edit(before);
      assert.notDeepEqual(edited, before);
      await accepted(edited);
    });
  }

  it("are tried with every wish of docs/onboarding.md", () => {
    const rows = readFileSync(path.join(root, "docs/onboarding.md"), "utf8").matchAll(/^\| (?!wish |---)([^|]+?) \|/gm);
    assert.deepEqual(
      [...rows].map(([, wish]) => wish),
      Object.keys(wishes),
    );
  });
});

describe("the guard of stacks/", () => {
  const refused = /a test reads stacks.*, which belongs to its users; read tests\/fixtures\/stacks instead/;
  const [file = ""] = execFileSync("ls", [path.join(root, "stacks")], { encoding: "utf8" }).match(/Pulumi\..*/) ?? [];

  it("refuses a test what the users' files say, also their names and copies", () => {
    assert.throws(() => readFileSync(path.join(root, "stacks", file)), refused);
    assert.throws(() => readdirSync(path.join(root, "stacks")), refused);
    assert.throws(() => cpSync(path.join(root, "stacks"), "/nowhere", { recursive: true }), refused);
  });

  it("refuses it to the processes that a test starts", () => {
    const read = `require("node:fs").readFileSync(${JSON.stringify(`stacks/${file}`)})`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", read], { cwd: root, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, refused);
  });

  it("leaves the editors' schema and every other folder of that name alone", () => {
    assert.match(readFileSync(path.join(root, "stacks/stack.schema.json"), "utf8"), /"\$schema"/);
    assert.equal(Object.keys(fixtureStacks()).length, 3);
  });
});
