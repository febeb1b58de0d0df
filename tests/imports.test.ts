import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "..");
const rooms = ["config", "components", "functions", "policy-pack", "offline", "bootstrap", "cli", "reports"];

/** docs/architecture.md: which rooms a room may import. */
const allowed: Record<string, readonly string[]> = {
  config: [],
  "policy-pack": [],
  reports: [],
  offline: [],
  functions: ["config"],
  components: ["config"],
  bootstrap: ["config", "components"],
  cli: ["bootstrap", "config", "components", "functions", "offline", "reports"],
};

/** Any module of a room, as a path without its ending. */
function moduleOf(room: string): string {
  const files = readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/node_modules|dist|tests/.test(file))
    .sort();
  assert.ok(files[0], `${room} holds no module`);
  return path.join(room, files[0]).replace(/\.ts$/, "");
}

interface Message {
  readonly ruleId: string | null;
  readonly line: number;
}

/** Every room's module as if it imported one module of each other room: a line each. */
function lintAll(): ReadonlyMap<string, readonly Message[]> {
  const texts = Object.keys(allowed).map((room) => {
    const file = `${moduleOf(room)}.ts`;
    const lines = othersOf(room).map(
      (other) => `import ${JSON.stringify(path.relative(path.dirname(file), moduleOf(other)))};`,
    );
    return { file, source: lines.join("\n") };
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, "support", "lint-texts.mjs")], {
    cwd: root,
    input: JSON.stringify(texts),
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  assert.equal(status, 0, stderr);
  const messages = JSON.parse(stdout) as Message[][];
  return new Map(Object.keys(allowed).map((room, at) => [room, messages[at] ?? []]));
}

const othersOf = (room: string) => rooms.filter((other) => other !== room);

describe("import directions", function () {
  // The linter loads the types of the whole project: minutes on a machine with other work.
  this.timeout(600_000);
  let linted: ReadonlyMap<string, readonly Message[]>;
  before(() => {
    linted = lintAll();
  });

  for (const [room, may] of Object.entries(allowed)) {
    it(`${room} may import ${may.join(", ") || "no other room"}, and the linter refuses the rest`, () => {
      const others = othersOf(room);
      const refused = (linted.get(room) ?? [])
        .filter((message) => message.ruleId === "import-x/no-restricted-paths")
        .map((message) => others[message.line - 1]);
      assert.deepEqual(
        refused,
        others.filter((other) => !may.includes(other)),
      );
    });
  }
});
