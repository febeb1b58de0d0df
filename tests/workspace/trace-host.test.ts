import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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
import { clickHouse } from "./support/hosts";

describe("the bootstrap of ClickHouse's host", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-trace-host-"));
    writeBelow(folder, filesOf(clickHouse));
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (volume: Volume, cases: readonly string[], files = folder) =>
    firstStart("clickhouse", files, volume, cases);

  /** How every case must end. */
  const prepared = (content: string): Prepared => ({
    again: 0,
    repeated: 0,
    said: "bootstrap: done",
    same: true,
    fstab:
      "LABEL=root / ext4 defaults 0 1;UUID=ID /var/lib/clickhouse xfs defaults,nosuid,nodev,noexec,nofail,x-systemd.device-timeout=300 0 2;",
    mounted: "nodev noexec nosuid xfs ",
    mounts: 1,
    label: "clickhouse",
    owner: "101:101",
    content,
    mark: false,
    users: "root:0 ",
    ready: false,
    home: "",
    grown: false,
    last: "systemctl enable --now docker.service clickhouse.service clickhouse-certificate.timer clickhouse-retention.timer",
  });

  for (const [volume, content] of [
    ["empty", ""],
    ["kept", "traces"],
  ] as const) {
    it(`ends with the same host whenever it is killed and runs again, on ${volume === "empty" ? "an empty volume" : "a volume with traces"}`, () => {
      assertHeals((cases) => run(volume, cases), prepared(content), { least: 25 });
    });
  }

  it("formats again what was cut off in the middle of its format", () => {
    const [outcome] = run("empty", ["format"]) as [Outcome];
    assertPrepared(outcome, killed, prepared(""));
    assert.ok(outcome.commands > 5);
  });

  it("says which volume did not come, and changes nothing", () => {
    const [outcome] = run("empty", ["absent"]) as [Outcome];
    assert.match(outcome.said, /the data volume did not appear at \/dev\/sdf/);
    assert.deepEqual([outcome.first, outcome.mounts, outcome.label], [1, 0, ""]);
    assert.equal(outcome.fstab, "LABEL=root / ext4 defaults 0 1;");
  });

  it("writes the line of which systemd makes the mount that ClickHouse's unit requires", () => {
    const fstab = path.join(folder, "fstab");
    const made = path.join(folder, "made");
    mkdirSync(made);
    writeFileSync(
      fstab,
      prepared("").fstab.replaceAll(";", "\n").replace("UUID=ID", "UUID=4ed3ac38-dfd5-4301-9784-a52e0172c7da"),
    );
    const { status, stderr } = spawnSync(
      "/usr/lib/systemd/system-generators/systemd-fstab-generator",
      [made, made, made],
      {
        encoding: "utf8",
        env: { ...process.env, SYSTEMD_FSTAB: fstab },
      },
    );
    assert.equal(status, 0, stderr);
    assert.ok(existsSync(path.join(made, "var-lib-clickhouse.mount")));
  });

  it("would be noticed if it formatted whatever it finds, added a line to fstab each time, or forgot an unfinished format", () => {
    const spoiled = (from: string | RegExp, to: string, volume: "empty" | "kept", cases: readonly string[]) => {
      const files = mkdtempSync(path.join(folder, "spoiled-"));
      const changed = filesOf(clickHouse).map((file) => ({ ...file, content: file.content.replace(from, to) }));
      assert.notDeepEqual(changed, filesOf(clickHouse));
      writeBelow(files, changed);
      return run(volume, cases, files)[0]!;
    };
    assert.equal(spoiled('if [ -e "$formatting" ]; then', "if true; then", "kept", ["none"]).content, "");
    const twice = spoiled('grep -v " /var/lib/clickhouse "', 'grep -v "nothing of it"', "empty", ["none"]);
    assert.ok(!twice.same);
    const forgetful = spoiled(
      'touch "$formatting"; sync',
      'touch "$formatting"; rm "$formatting"; mkfs.xfs -q -L clickhouse "$device"',
      "empty",
      ["format"],
    );
    assert.notEqual(forgetful.again, 0);
  });
});
