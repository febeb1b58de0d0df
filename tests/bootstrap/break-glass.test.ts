import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const script = path.resolve(__dirname, "../../scripts/break-glass.sh");
const words = [script, "111122223333", "example", "mori"];

describe("scripts/break-glass.sh", () => {
  let folder: string;
  let temporary: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "break-glass-"));
    temporary = path.join(folder, "a $(b) 'c'");
    mkdirSync(temporary);
    fake("aws", "printf 'ASIATEST\\ta-secret\\ta-token\\t2026-12-01T12:00:00Z\\n'");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fake = (name: string, body: string): void =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  /** Runs a line of a shell whose credentials are a user's. */
  function shell(line: string) {
    const env = {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      TMPDIR: temporary,
      AWS_REGION: "ap-northeast-1",
      AWS_ACCESS_KEY_ID: "AKIAUSER",
      AWS_SECURITY_TOKEN: "old",
    };
    return spawnSync("bash", ["-uc", line, ...words], { env, encoding: "utf8" });
  }
  const take = 'eval "$("$0" "$@")"';
  const seen = 'echo "$? ${AWS_ACCESS_KEY_ID-} ${AWS_SECURITY_TOKEN-} ${AWS_PROFILE-}"';

  it("leaves a profile in place of the shell's own credentials, in a folder of any name, and undoes it by its last line", () => {
    const { stdout, stderr } = shell(`${take}; ${seen}; cat "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"`);
    assert.match(
      stdout,
      /^0 {3}deployer\n\[profile deployer\]\nrole_arn = .*-deployer\n[^]*aws_session_token = a-token\n$/,
    );
    const [, undo = ""] = /Afterwards: (.*)\n$/.exec(stderr) ?? [];
    assert.equal(readdirSync(temporary).length, 1);
    mkdirSync(path.join(folder, ".aws/cli/cache"), { recursive: true });
    const undone = shell(`${undo.replace(/^rm/, "AWS_PROFILE=x AWS_CONFIG_FILE=x; rm")} && ${seen}`);
    assert.match(undone.stdout, /^0 AKIAUSER old \n$/, undone.stderr);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it("leaves no file, no change and a failed line where a step fails", () => {
    for (const [name, body] of [
      ["aws", "exit 254"],
      ["mktemp", "exit 1"],
      // The folder is there; nothing can be written into it.
      ["mktemp", 'mkdir "$TMPDIR/made" && mkdir "$TMPDIR/made/config" && echo "$TMPDIR/made"'],
    ] as const) {
      fake(name, body);
      const { stdout } = shell(`${take}; ${seen}`);
      assert.match(stdout, /^1 AKIAUSER old \n$/, name);
      assert.deepEqual(readdirSync(temporary), [], name);
      rmSync(path.join(folder, name));
      fake("aws", "printf 'ASIATEST\\ta-secret\\ta-token\\tlater\\n'");
    }
  });
});
