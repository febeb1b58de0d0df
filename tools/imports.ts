import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Files of a project by path from its root, with the files of the project that each imports (types too). */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Folders that hold no production code. */
const apart = /(^|\/)(tests|bench|tools|node_modules|dist)\//;

/** The TypeScript files of the program, its commands and its policy pack among the paths that git lists; sorted. */
export const productionFiles = (names: readonly string[]): string[] =>
  names.filter((name) => name.endsWith(".ts") && !apart.test(name)).sort();

/** What each of the files imports of the project, by static and dynamic import, `require` and re-export. */
export function importGraph(root: string, files: readonly string[]): ImportGraph {
  const resolved = (from: string, specifier: string): string[] => {
    if (!specifier.startsWith(".")) return [];
    const at = path.posix.join(path.posix.dirname(from), specifier);
    const file = [at, `${at}.ts`, `${at}/index.ts`].find(
      (each) => /\.\w+$/.test(each) && existsSync(path.join(root, each)),
    );
    return file === undefined ? [] : [file];
  };
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), "utf8"), true, true);
      const targets = importedFiles.flatMap(({ fileName }) => resolved(file, fileName));
      return [file, [...new Set(targets)].sort()];
    }),
  );
}

/** Files that import each other, directly or not: every strongly connected component of more than one file, sorted. */
export function cyclesIn(graph: ImportGraph): string[][] {
  const reach = new Map([...graph.keys()].map((file) => [file, reachable(graph, file)]));
  const cycles = new Map<string, string[]>();
  for (const [file, seen] of reach) {
    if (!seen.has(file)) continue;
    const members = [...seen].filter((other) => reach.get(other)?.has(file)).sort();
    cycles.set(members[0] as string, members);
  }
  return [...cycles.values()].sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1));
}

function reachable(graph: ImportGraph, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...(graph.get(from) ?? [])];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    queue.push(...(graph.get(file) ?? []));
  }
  return seen;
}

/** Arrows `from -> to` between groups of files; a file without a group, and an import within one, makes none. Sorted. */
export function arrowsBetween(graph: ImportGraph, groupOf: (file: string) => string | undefined): string[] {
  const arrows = new Set<string>();
  for (const [file, targets] of graph)
    for (const target of targets) {
      const [from, to] = [groupOf(file), groupOf(target)];
      if (from !== undefined && to !== undefined && from !== to) arrows.add(`${from} -> ${to}`);
    }
  return [...arrows].sort();
}
