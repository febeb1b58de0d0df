import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = readFileSync(join(__dirname, "../../components/workspace/files/cline-batch.sh"), "utf8");

/** `aws` over a folder in place of S3: copies from standard input and to standard output, lists with content hashes for ETags. */
const aws = `#!/bin/bash
set -euo pipefail
echo "$*" >> "$STORE/../calls"
at() { echo "$STORE/\${1#s3://files/}"; }
case "$1 $2" in
  "s3 cp")
    if [ "$4" = - ]; then mkdir -p "$(dirname "$(at "$5")")"; cat > "$(at "$5")"; else cat "$(at "$4")"; fi ;;
  "s3api list-objects-v2")
    prefix=$6
    if [ ! -d "$STORE/$prefix" ]; then echo None; exit; fi
    for file in "$STORE/$prefix"*; do printf '"%s"\\t%s\\n' "$(md5sum < "$file" | cut -c1-32)" "\${file#"$STORE/"}"; done ;;
esac
`;

describe("the workspace's batch service", () => {
  let folder: string;
  let home: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cline-batch-"));
    home = join(folder, "home/developer/batch");
    for (const part of ["bin", "etc", "store", "home/developer", "lib"])
      mkdirSync(join(folder, part), { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o755 });
    write("bin/aws", aws);
    // Runs what follows the two hyphens; who it runs as is not shown here.
    write(
      "bin/runuser",
      '#!/bin/bash\\necho "$2" >> "$STORE/../users"\\nshift 3\\nexec "$@"\\n'.replaceAll("\\n", "\n"),
    );
    write("etc/workspace.env", "DEVELOPER_USER=developer\nBATCH_BUCKET=files\nBATCH_OWNER=engineering/tanaka\n");
    write(
      "cline-batch",
      script
        .replace("/etc/cline", join(folder, "etc"))
        .replaceAll("/home/", join(folder, "home/"))
        .replaceAll("/var/lib/cline", join(folder, "lib")),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(): void {
    const { status, stderr, stdout } = spawnSync(join(folder, "cline-batch"), {
      encoding: "utf8",
      env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, STORE: join(folder, "store") },
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.equal(stdout + stderr, "");
  }
  function request(name: string, text: string, secondsAgo = 60): void {
    mkdirSync(join(home, "requests"), { recursive: true });
    writeFileSync(join(home, "requests", name), text);
    const at = Date.now() / 1000 - secondsAgo;
    utimesSync(join(home, "requests", name), at, at);
  }
  const stored = (name: string) => readFileSync(join(folder, "store", name), "utf8");
  const answer = (name: string, text: string) => {
    mkdirSync(join(folder, "store/answers/engineering/tanaka"), { recursive: true });
    writeFileSync(join(folder, "store/answers/engineering/tanaka", name), text);
  };
  const downloads = () =>
    readFileSync(join(folder, "calls"), "utf8")
      .split("\n")
      .filter((call) => call.includes("s3://files/answers")).length;

  it("sends what has rested, under the developer's own prefix, once", () => {
    request("a.jsonl", "one\n");
    request("a.stop", "");
    request("young.jsonl", "two\n", 0);
    run();
    assert.equal(stored("requests/engineering/tanaka/a.jsonl"), "one\n");
    assert.equal(stored("requests/engineering/tanaka/a.stop"), "");
    assert.deepEqual(readdirSync(join(home, "requests")), ["young.jsonl"]);
    assert.deepEqual(readdirSync(join(home, "sent")).sort(), ["a.jsonl", "a.stop"]);
  });

  it("sends no link, no folder, no other name, and nothing too large", () => {
    request("x.txt", "no");
    request(`${"a".repeat(65)}.jsonl`, "no");
    request(".hidden.jsonl", "no");
    request("with space.jsonl", "no");
    request("large.jsonl", "x".repeat(34 * 1024 * 1024));
    mkdirSync(join(home, "requests/folder.jsonl"));
    symlinkSync("/etc/passwd", join(home, "requests/link.jsonl"));
    run();
    assert.deepEqual(readdirSync(join(folder, "store")), []);
  });

  it("brings answers, and brings again only what has changed", () => {
    answer("a.status.json", "{}");
    answer("a.answers.jsonl", "first\n");
    run();
    run();
    assert.equal(downloads(), 2);
    answer("a.status.json", '{"state":"ended"}');
    run();
    assert.equal(downloads(), 3);
    assert.deepEqual(readdirSync(join(home, "answers")).sort(), ["a.answers.jsonl", "a.status.json"]);
    assert.equal(readFileSync(join(home, "answers/a.status.json"), "utf8"), '{"state":"ended"}');
  });

  it("has nothing to do where there is nothing, and opens the home as the developer only", () => {
    run();
    assert.deepEqual(new Set(readFileSync(join(folder, "users"), "utf8").trim().split("\n")), new Set(["developer"]));
    for (const line of script.split("\n").filter((each) => each.includes("$home/"))) assert.match(line, /\bown /, line);
  });
});
