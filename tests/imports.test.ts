import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";

const root = path.resolve(__dirname, "..");
const rooms = ["spec", "components", "functions", "policy-pack", "offline", "cli", "reports"];

/** docs/architecture.md: which rooms a room may import. */
const allowed: Record<string, readonly string[]> = {
  spec: [],
  "policy-pack": [],
  reports: [],
  offline: [],
  functions: ["spec"],
  components: ["spec"],
  cli: ["spec", "components", "functions", "offline", "reports"],
};

/** Any module of a room, as a path without its ending. */
function moduleOf(room: string): string {
  const files = readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/node_modules|dist|tests/.test(file))
    .sort();
  assert.ok(files[0], `${room} holds no module`);
  return path.join(room, files[0]).replace(/\.ts$/, "");
}

describe("import directions", () => {
  const eslint = new ESLint({ cwd: root });

  for (const [room, may] of Object.entries(allowed)) {
    it(`${room} may import ${may.join(", ") || "no other room"}, and the linter refuses the rest`, async () => {
      const file = `${moduleOf(room)}.ts`;
      const others = rooms.filter((other) => other !== room);
      const source = others
        .map((other) => `import ${JSON.stringify(path.relative(path.dirname(file), moduleOf(other)))};`)
        .join("\n");
      const [result] = await eslint.lintText(source, { filePath: path.join(root, file) });
      const refused = (result?.messages ?? [])
        .filter((message) => message.ruleId === "import-x/no-restricted-paths")
        .map((message) => others[message.line - 1]);
      assert.deepEqual(
        refused,
        others.filter((other) => !may.includes(other)),
      );
    });
  }
});
