import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { printDocument } from "../../cli/output";
import { targetsOf } from "../../cli/targets";
import { parseFlags, UsageError } from "../../cli/usage";

const root = path.join(__dirname, "../..");

describe("cli: where the document goes", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "targets-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => path.join(folder, name);
  const refused = (values: Parameters<typeof targetsOf>[0]): string => {
    try {
      targetsOf(values);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    throw new Error("not refused");
  };

  it("prints text to standard output by default", () => {
    assert.deepEqual(targetsOf({}), [{ format: "text" }]);
    assert.deepEqual(targetsOf({ json: true }), [{ format: "json" }]);
  });

  it("writes each FORMAT=FILE to its file, beside one format on standard output", () => {
    assert.deepEqual(targetsOf({ format: [`markdown=${at("a.md")}`, "text", `sarif=${at("b=c.sarif")}`] }), [
      { format: "markdown", file: at("a.md") },
      { format: "sarif", file: at("b=c.sarif") },
      { format: "text" },
    ]);
    assert.deepEqual(targetsOf({ format: [`markdown=${at("a.md")}`] }), [{ format: "markdown", file: at("a.md") }]);
  });

  it("gives --out to the one format that names no file", () => {
    assert.deepEqual(targetsOf({ out: at("x") }), [{ format: "text", file: at("x") }]);
    assert.deepEqual(targetsOf({ out: at("x"), format: ["sarif"] }), [{ format: "sarif", file: at("x") }]);
  });

  it("refuses what would write one file twice or leave a format without a place", () => {
    assert.match(refused({ format: ["sarif", "markdown"] }), /found sarif and markdown without a file/);
    assert.match(refused({ json: true, format: ["text"] }), /found text and json without a file/);
    assert.match(refused({ out: at("x"), format: [`sarif=${at("y")}`] }), /every format has a file/);
    assert.match(refused({ format: [`sarif=${at("x")}`, `markdown=${folder}/./x`] }), /found x twice/);
  });

  it("lists every fault of formats and files before the work, and makes no file", () => {
    const text = refused({ format: ["pdf", "markdown=/nonexistent/x/y.md", `sarif=${folder}`, "json="] });
    assert.match(text, /--format: found pdf; allowed text, json, markdown/);
    assert.match(text, /y\.md, whose folder \/nonexistent\/x does not exist/);
    assert.match(text, /which is a folder/);
    assert.match(text, /found no file's name/);
    targetsOf({ out: at("never-made") });
    assert.equal(existsSync(at("never-made")), false);
  });
});

describe("cli: a file that takes no text", () => {
  it("is one line of its own, and hinders no other document", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "targets-"));
    const kept = path.join(folder, "kept.json");
    const targets = [
      { format: "markdown", file: folder },
      { format: "json", file: kept },
    ] as const;
    await assert.rejects(printDocument({ stacks: [] }, targets, {}), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /^--format markdown=.*: cannot be written: EISDIR.*; name another file$/);
      return true;
    });
    assert.deepEqual(JSON.parse(readFileSync(kept, "utf8")), { stacks: [] });
    rmSync(folder, { recursive: true });
  });
});

describe("cli: flags", () => {
  const flags = {
    out: { type: "string" },
    state: { type: "string", multiple: true },
    json: { type: "boolean" },
  } as const;

  it("refuses a single-value flag that stands twice", () => {
    for (const args of [
      ["--out", "a", "--out", "b"],
      ["--out=a", "--out=a"],
    ])
      assert.throws(() => parseFlags(args, flags, "HELP"), /^UsageError: --out: found twice; allowed once[\s\S]*HELP/);
  });

  it("names every fault of a call, the option meant, and the call's form", () => {
    const args = ["--ouT=a", "--state", "--json", "--json=yes", "--nothing-near", "-x"];
    assert.throws(
      () => parseFlags(args, flags, "npm run it -- [OPTIONS]\n\nWords."),
      new UsageError(
        [
          "--ouT: found an unknown option; allowed --out, --state, --json; did you mean --out?",
          "--state: found no value; allowed one; write --state VALUE",
          "--json: found a value; allowed none; leave it out",
          "--nothing-near: found an unknown option; allowed --out, --state, --json",
          "-x: found an unknown option; allowed --out, --state, --json",
          "",
          "npm run it -- [OPTIONS]",
          "--help says more.",
        ].join("\n"),
      ),
    );
  });

  it("refuses a call whose flag npm has taken for itself", () => {
    const env = { npm_config_json: "true", npm_config_user_agent: "npm/10" };
    assert.throws(() => parseFlags(["a"], flags, "HELP", env), /^UsageError: --json: npm took it for itself; write --/);
    assert.equal(parseFlags(["a", "--json"], flags, "HELP", env).values.json, true);
  });

  it("takes a repeatable flag as often as it stands", () => {
    const { values } = parseFlags(["--state", "a", "--state", "b", "--json", "--json"], flags, "HELP");
    assert.deepEqual(values.state, ["a", "b"]);
  });
});

describe("cli: help", () => {
  const cli = (...args: string[]) =>
    spawnSync(process.execPath, ["-r", require.resolve("tsx/cjs"), "cli/main.ts", ...args], {
      cwd: root,
      encoding: "utf8",
      // What answers help starts no program: without a PATH none could be found, and a missing file would be told.
      env: { PATH: "" },
    });

  it("answers in every position of every command, whatever else stands there", () => {
    const commands = [
      "preview",
      "audit",
      "cost",
      "people",
      "keys",
      "exempt",
      "bootstrap",
      "deploy",
      "doctor",
      "connect",
    ];
    const calls = [
      ...commands.map((command) => [command, "--help"]),
      ["-h", "preview", "--no-such-flag"],
      ["audit", "--out", "/nonexistent/x", "-h", "--format"],
    ];
    for (const call of calls) {
      const { status, stdout, stderr } = cli(...call);
      assert.deepEqual([status, stderr], [0, ""], call.join(" "));
      assert.match(
        stdout,
        new RegExp(`^npm run ${call.find((word) => commands.includes(word)) ?? ""} `),
        call.join(" "),
      );
    }
    const { status, stdout } = cli("-h");
    assert.equal(status, 0);
    for (const command of commands) assert.match(stdout, new RegExp(`^ {2}${command} `, "m"));
  });

  it("says nothing of a reader that has gone", () => {
    const command = `"${process.execPath}" -r "${require.resolve("tsx/cjs")}" cli/main.ts people --help | true`;
    const { stderr } = spawnSync("/bin/sh", ["-c", command], { cwd: root, encoding: "utf8" });
    assert.equal(stderr, "");
  });

  it("answers for each script without a command line of its own, which then writes and measures nothing", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const plain = Object.entries(scripts).filter(([, command]) => command.includes("tools/help.cjs"));
    assert.deepEqual(
      plain.map(([name]) => name),
      ["bench", "bench:awsguard", "bench:connect", "bench:server", "schema", "callers", "costs"],
    );
    for (const [name, command] of plain) {
      const [, ...args] = command.split(" ");
      for (const help of ["--help", "-h"]) {
        // The loader of TypeScript is left out: a script that started would fail.
        const own = [...args.filter((arg, at) => arg !== "tsx/cjs" && args[at + 1] !== "tsx/cjs"), help];
        const { status, stdout, stderr } = spawnSync(process.execPath, own, { cwd: root, encoding: "utf8" });
        assert.deepEqual([status, stderr, stdout.split("\n")[0]], [0, "", `npm run ${name}`]);
      }
    }
  });

  it("loads the asked command alone", () => {
    const loaded = spawnSync(
      process.execPath,
      [
        "-r",
        require.resolve("tsx/cjs"),
        "-e",
        'process.argv = ["node", "main", "keys", "-h"]; process.on("exit", () => console.error(Object.keys(require.cache).join("\\n"))); require("./cli/main.ts")',
      ],
      { cwd: root, encoding: "utf8" },
    ).stderr.split("\n");
    const own = (folder: string) => loaded.filter((file) => file.startsWith(path.join(root, folder)));
    assert.ok(own("cli/keys.ts").length === 1, loaded.join("\n"));
    assert.deepEqual([...own("cli/deploy"), ...own("cli/doctor"), ...own("bootstrap"), ...own("components")], []);
  });

  it("prints one line and no stack trace for a file that cannot be written", () => {
    const { status, stdout, stderr } = cli("audit", "--state", "x.json", "--out", "/nonexistent/x");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^--format, --out: found \/nonexistent\/x, whose folder .*\n$/);
  });
});
