import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { arrowsBetween, cyclesIn, importGraph, productionFiles } from "../../tools/imports";
import { git } from "../../tools/revision";

const root = path.resolve(__dirname, "../..");

describe("the graph of imports", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-imports-"));
    mkdirSync(path.join(folder, "a"));
    mkdirSync(path.join(folder, "b"));
    const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
    write("a/index.ts", 'export * from "../b/x";\nimport fs from "node:fs";\n// import "../b/y";\n');
    write("b/x.ts", 'import type { Y } from "./y";\nexport const x = "import \\"../a\\"";\n');
    write("b/y.ts", 'export const later = () => import("./z");\n');
    write("b/z.ts", 'import { x } from "./x";\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it("holds type imports, dynamic imports and re-exports, and no comments, strings or packages", () => {
    const graph = importGraph(folder, ["a/index.ts", "b/x.ts", "b/y.ts", "b/z.ts"]);
    assert.deepEqual(Object.fromEntries(graph), {
      "a/index.ts": ["b/x.ts"],
      "b/x.ts": ["b/y.ts"],
      "b/y.ts": ["b/z.ts"],
      "b/z.ts": ["b/x.ts"],
    });
    assert.deepEqual(cyclesIn(graph), [["b/x.ts", "b/y.ts", "b/z.ts"]]);
    assert.deepEqual(
      arrowsBetween(graph, (file) => file.split("/")[0]),
      ["a -> b"],
    );
  });

  it("has no cycle between the files of this project", () => {
    const files = productionFiles(git(root, "ls-files").split("\n"));
    assert.ok(files.length > 300, `${files.length} files`);
    const graph = importGraph(root, files);
    const imports = [...graph.values()].reduce((sum, targets) => sum + targets.length, 0);
    assert.ok(imports > files.length, `${imports} imports`);
    assert.deepEqual(cyclesIn(graph), []);
  });
});
