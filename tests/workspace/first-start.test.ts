import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { agentKey, planAgentFiles } from "../../components/workspace/agent";
import { setUp } from "../../components/workspace/set-up";
import { filesOf, writeBelow } from "./support/files";
import {
  assertHeals,
  assertPrepared,
  firstStart,
  killed,
  type Outcome,
  type Prepared,
  type Volume,
} from "./support/first-start";
import { workspace, workspacePlan } from "./support/hosts";

const agent = {
  allowCommands: [],
  denyCommands: ["git push*"],
  mcpServers: {},
  rules: "Tests first.",
  ignore: [".env"],
};

describe("the set-up of a workspace", () => {
  let folder: string;
  const store = (name: string) => path.join(folder, "store", name);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-first-start-"));
    writeBelow(folder, filesOf(workspace));
    mkdirSync(path.join(folder, "usr/local/sbin"), { recursive: true });
    mkdirSync(path.dirname(store(workspacePlan.setUp.key)), { recursive: true });
    writeFileSync(store(workspacePlan.setUp.key), setUp.content);
    mkdirSync(path.join(folder, "package/bin"), { recursive: true });
    writeFileSync(path.join(folder, "package/bin/cline"), "");
    execFileSync("tar", ["-czf", store("workspace/cline-cli.tgz"), "-C", folder, "package"]);
    for (const { name, content } of planAgentFiles(agent)) {
      mkdirSync(path.dirname(store(agentKey(workspacePlan.department, name))), { recursive: true });
      writeFileSync(store(agentKey(workspacePlan.department, name)), content);
    }
    for (const name of ["code-server.rpm", "cline.vsix"]) writeFileSync(store(`workspace/${name}`), name);
    const sums = ["code-server.rpm", "cline.vsix", "cline-cli.tgz"].map((name) => {
      const sum = createHash("sha256").update(readFileSync(store(`workspace/${name}`)));
      return `${sum.digest("hex")}  ${name}\n`;
    });
    writeFileSync(store("workspace/SHA256SUMS"), sums.join(""));
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (volume: Volume, cases: readonly string[], files = folder) =>
    firstStart("workspace", files, volume, cases);

  const extension = ".local/share/code-server/extensions/cline:1000";
  const profile = [".bash_logout:1000", ".bash_profile:1000", ".bashrc:1000"];
  /** How every case must end. */
  const prepared = (content: string): Prepared => ({
    again: 0,
    repeated: 0,
    said: "bootstrap: done",
    same: true,
    fstab:
      "LABEL=root / ext4 defaults 0 1;UUID=ID /home/developer xfs defaults,nosuid,nodev,nofail,x-systemd.device-timeout=300 0 2;",
    mounted: "nodev nosuid xfs ",
    mounts: 1,
    label: "cline-home",
    owner: "1000:1000",
    content,
    mark: false,
    users: "root:0 cline-gateway developer:1000 ",
    ready: true,
    home: `${[...profile, extension, ...(content === "" ? [] : ["store:1000"])].sort().join(" ")} `,
    grown: false,
    last: "systemctl enable --now cline-batch.timer cline-editor.service code-server@developer.service",
  });

  for (const [volume, content, every] of [
    ["empty", "", 1],
    ["kept", "traces", 7],
  ] as const)
    it(`ends with the same machine whenever it is killed and runs again, on ${volume === "empty" ? "an empty volume" : "an earlier home"}`, () => {
      assertHeals((cases) => run(volume, cases), prepared(content), { least: 60, every });
    });

  it("formats again what was cut off in the middle of its format", () => {
    const [outcome] = run("empty", ["format"]) as [Outcome];
    assertPrepared(outcome, killed, prepared(""));
    assert.ok(outcome.commands > 5);
  });

  it("mounts an earlier home on a larger volume, and grows it", () => {
    const [outcome] = run("kept", ["grown"]) as [Outcome];
    assertPrepared(outcome, 0, { ...prepared("traces"), grown: true });
    assert.ok(outcome.commands > 5);
  });

  it("formats no home in which a file looks like another file system", () => {
    const [outcome] = run("kept", ["ambiguous"]) as [Outcome];
    assert.notEqual(outcome.first, 0, "nothing is formatted, and nothing is mounted");
    assert.match(outcome.said, /no file system/);
    assert.deepEqual([outcome["mounts"], outcome["mark"], outcome["ready"]], [0, false, false]);
  });

  it("says which volume did not come, and lets nobody sign in", () => {
    const [outcome] = run("empty", ["absent"]) as [Outcome];
    assert.match(outcome.said, /the home volume did not appear at \/dev\/sdf/);
    assert.deepEqual([outcome.first, outcome["users"], outcome["ready"]], [1, "root:0 ", false]);
  });

  it("runs nothing of a set-up with another content, and installs no other file than the pinned one", () => {
    const spoiled = (name: string) => {
      const files = mkdtempSync(path.join(folder, "spoiled-"));
      for (const part of ["etc", "usr", "store"])
        cpSync(path.join(folder, part), path.join(files, part), { recursive: true });
      writeFileSync(path.join(files, "store", name), "something else");
      const [outcome] = run("empty", ["none"], files) as [Outcome];
      return outcome;
    };
    const other = spoiled(workspacePlan.setUp.key);
    assert.match(other.said, /found another SHA-256 than [0-9a-f]{64}; nothing is run from it/);
    assert.deepEqual([other.first, other["users"], other["mounts"]], [1, "root:0 ", 0]);
    const file = spoiled("workspace/code-server.rpm");
    assert.match(file.said, /computed checksum did NOT match/);
    assert.deepEqual([file.first, file["users"], file["ready"]], [1, "root:0 ", false]);
  });
});
