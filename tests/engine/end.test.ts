import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { succeeded } from "./support/expect";
import { bench } from "./support/hooks";
import { canary, filesIn, generatedSecrets, writtenForms } from "./support/secrets";
import { exported, pulumi, stacks } from "./support/subject";
import { withoutCheckpoints } from "./support/workbench";

describe("the end", () => {
  it("keeps secrets out of state files, logs and everything printed", async () => {
    const secrets = new Set([bench().passphrase]);
    for (const stack of stacks) {
      const shown = await pulumi(stack, ["stack", "export", "--show-secrets"], { keep: false });
      for (const value of generatedSecrets(succeeded(shown).stdout)) secrets.add(value);
    }
    assert.ok(secrets.size > 3, `${secrets.size} secrets to search for`);
    const forms = [...secrets].flatMap(writtenForms);
    const leaks = (name: string, text: string): string[] =>
      canary.test(text) || forms.some((form) => text.includes(form)) ? [name] : [];

    const files = filesIn(bench().folder).filter((file) => !isSource(path.relative(bench().folder, file)));
    assert.ok(files.some((file) => file.includes("/backend/.pulumi/stacks/")));
    assert.deepEqual(
      files.flatMap((file) => leaks(path.relative(bench().folder, file), readFileSync(file, "latin1"))),
      [],
    );
    const { printed } = bench();
    assert.deepEqual(
      printed.flatMap(({ command, stdout, stderr }) => leaks(command, stdout + stderr)),
      [],
    );
    console.log(
      `      ${secrets.size} secrets searched for in ${files.length} files and the output of ${printed.length} commands`,
    );
  });

  for (const stack of [...stacks].reverse())
    it(`destroys ${stack} but for what is retained on purpose`, async () => {
      const { resources = [] } = (await exported(stack)).deployment;
      const retained = resources.filter(({ retainOnDelete }) => retainOnDelete === true).map(({ urn }) => urn);
      succeeded(await pulumi(stack, ["destroy", "--yes", "--skip-preview"], { env: withoutCheckpoints }));
      const things = bench()
        .cloud.all()
        .filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::cline::`));
      const urnsOf = (some: readonly { readonly urn: string; readonly type: string }[]) =>
        some.map(({ urn }) => urn).sort();
      const isSnapshot = ({ type }: { readonly type: string }) => type === "final snapshot";
      assert.deepEqual(
        urnsOf(things.filter(isSnapshot)),
        urnsOf(resources.filter(({ type }) => type === "aws:rds/cluster:Cluster")),
        "one final snapshot of each database",
      );
      const left = urnsOf(things.filter((thing) => !isSnapshot(thing)));
      // The difference only: a list of all would be cut.
      const without = (some: readonly string[], others: readonly string[]) =>
        some.filter((urn) => !others.includes(urn));
      assert.deepEqual(
        { notDestroyed: without(left, retained), destroyed: without(retained, left) },
        { notDestroyed: [], destroyed: [] },
      );
      assert.equal(left.length, retained.length);
      console.log(`      ${resources.length} resources; retained: ${retained.length}`);
    });

  it("ends a department's keys before its declaration, its secrets' rotations and its workspaces go", () => {
    const calls = bench()
      .cloud.calls()
      .filter(({ rpc }) => rpc === "delete");
    const departments = stacks.filter((stack) => stack !== "platform");
    assert.ok(departments.length > 0);
    for (const stack of departments) {
      const deleted = calls.filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::cline::`));
      const at = (name: string) => deleted.findLastIndex(({ urn }) => urn.endsWith(`::${name}`));
      const end = at("gateway-keys-end");
      const { tf, ends } = JSON.parse(deleted[end]?.sends ?? "{}") as { tf?: unknown; ends?: string };
      assert.deepEqual({ tf, ends }, { tf: { action: "delete" }, ends: stack });
      assert.ok(end < at("gateway-declared-state"), stack);
      assert.ok(end < at("gateway-reconciled"), stack);
    }
  });

  it("leaves no process behind", () => {
    const processes = execFileSync("ps", ["-Ao", "pid=,args="], { encoding: "utf8" }).split("\n");
    assert.deepEqual(
      processes.filter((line) => line.includes(bench().folder)),
      [],
    );
  });
});

/** Programs and tools, which hold no state; of the project's copy the stack files are looked at. */
const isSource = (file: string): boolean => /^(bin|stand-in|mini|project\/(?!stacks\/))/.test(file);
