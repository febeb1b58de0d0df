import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { arrowsBetween, importGraph, productionFiles } from "../../tools/imports";
import { git } from "../../tools/revision";

const root = path.resolve(__dirname, "../..");

/** Arrows `from -> to` of a Mermaid flowchart whose edges read `a --> b & c`; a node's label stands for its id. Sorted. */
function arrowsOf(diagram: string): string[] {
  const labels = new Map([...diagram.matchAll(/^\s*(\w+)\["([^"]+)"\]\s*$/gm)].map(([, id, label]) => [id, label]));
  const named = (id: string): string => labels.get(id.trim()) ?? id.trim();
  const edges = [...diagram.matchAll(/^\s*(\w+) --> (.+)$/gm)];
  return edges
    .flatMap(([, from = "", to = ""]) => to.split("&").map((each) => `${named(from)} -> ${named(each)}`))
    .sort();
}

/** The first Mermaid block after a heading of a Markdown text. */
function diagramUnder(heading: string, text: string): string {
  const section = text.split(`\n## ${heading}\n`)[1] ?? "";
  const block = /```mermaid\n(.*?)```/s.exec(section)?.[1];
  assert.ok(block, `docs/architecture.md has a diagram under ${heading}`);
  return block;
}

describe("docs/architecture.md", () => {
  it("reads arrows with several targets and labels", () => {
    assert.deepEqual(arrowsOf('flowchart LR\n  a["a.ts"]\n  a --> b & c\n  b --> a\n'), [
      "a.ts -> b",
      "a.ts -> c",
      "b -> a.ts",
    ]);
  });

  it("draws every import between folders, and no other", () => {
    const graph = importGraph(root, productionFiles(git(root, "ls-files").split("\n")));
    const imports = arrowsBetween(graph, (file) => file.split("/")[0]);
    assert.ok(imports.length > 5);
    const drawn = arrowsOf(
      diagramUnder("Who imports whom", readFileSync(path.join(root, "docs/architecture.md"), "utf8")),
    );
    assert.deepEqual(drawn, imports);
  });
});
