import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { cyclesIn, importGraph, productionFiles } from "./imports";
import { commitOf, git, writeRevision } from "./revision";

const usage = `npm run shape -- [REV…]

Prints lines of production code, long files and functions, clones (jscpd, settings in .jscpd.json) and import cycles of each revision and of
the working tree.
`;

const FILE_LINES = 200;
const FUNCTION_LINES = 60;

/** Numbers that say how a code base is cut. */
export interface Shape {
  readonly files: number;
  readonly lines: number;
  readonly longFiles: number;
  readonly longFunctions: number;
  readonly cycles: number;
}

/** Lines of each function, method, accessor and constructor of a file, from its first token to its last. */
export function functionLengths(text: string): number[] {
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest);
  const lengths: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const [start, end] = [node.getStart(source), node.getEnd()].map(
        (at) => source.getLineAndCharacterOfPosition(at).line,
      );
      lengths.push((end as number) - (start as number) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lengths;
}

/** Measures the production code among `names`, paths from `root`. */
export function shapeOf(root: string, names: readonly string[]): Shape {
  const files = productionFiles(names);
  const texts = files.map((file) => readFileSync(path.join(root, file), "utf8"));
  const lines = texts.map((text) => text.split("\n").length - 1);
  return {
    files: files.length,
    lines: lines.reduce((sum, each) => sum + each, 0),
    longFiles: lines.filter((each) => each > FILE_LINES).length,
    longFunctions: texts.flatMap(functionLengths).filter((each) => each > FUNCTION_LINES).length,
    cycles: cyclesIn(importGraph(root, files)).length,
  };
}

/** Clones and duplicated lines that `npm run clones` counts in `folder` with the settings of this tree. */
function clonesIn(root: string, folder: string): { clones: number; duplicatedLines: number } {
  const output = mkdtempSync(path.join(tmpdir(), "cline-clones-"));
  try {
    const args = ["run", "--silent", "clones", "--", "--reporters", "json", "--output", output, "--silent", folder];
    execFileSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    const { statistics } = JSON.parse(readFileSync(path.join(output, "jscpd-report.json"), "utf8")) as {
      statistics: { total: { clones: number; duplicatedLines: number } };
    };
    return statistics.total;
  } finally {
    rmSync(output, { recursive: true });
  }
}

function main(revisions: readonly string[]): void {
  const root = path.resolve(__dirname, "..");
  const columns: [string, Shape & { clones: number; duplicatedLines: number }][] = [];
  const folder = mkdtempSync(path.join(tmpdir(), "cline-shape-"));
  const list = (text: string): string[] => text.split("\n").filter((name) => name !== "");
  try {
    for (const revision of revisions) {
      const commit = commitOf(root, revision);
      const at = path.join(folder, commit);
      writeRevision(root, commit, at);
      const names = list(git(root, "ls-tree", "-r", "--name-only", commit));
      columns.push([commit.slice(0, 7), { ...shapeOf(at, names), ...clonesIn(root, at) }]);
    }
    columns.push(["now", { ...shapeOf(root, list(git(root, "ls-files"))), ...clonesIn(root, root) }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rows: [string, keyof (typeof columns)[number][1]][] = [
    ["production files", "files"],
    ["lines of production code", "lines"],
    [`files over ${FILE_LINES} lines`, "longFiles"],
    [`functions over ${FUNCTION_LINES} lines`, "longFunctions"],
    ["clones", "clones"],
    ["duplicated lines", "duplicatedLines"],
    ["import cycles", "cycles"],
  ];
  console.log(`| | ${columns.map(([name]) => name).join(" | ")} |\n|---|${columns.map(() => "---:|").join("")}`);
  for (const [title, key] of rows) console.log(`| ${title} | ${columns.map(([, shape]) => shape[key]).join(" | ")} |`);
}

if (require.main === module) {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg.startsWith("-"))) process.stdout.write(usage);
  else main(args);
}
