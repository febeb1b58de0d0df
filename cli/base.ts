import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UsageError } from "./usage";

/**
 * Paths that no plan depends on, and build results and installed packages, which the base takes
 * from the head.
 */
const passedOver = new Set([
  ...["node_modules", "dist", "coverage", "__pycache__"],
  ...["tests", "docs", "bench", "scripts", "LICENSE"],
]);
const isProgram = (name: string): boolean =>
  !passedOver.has(name) && !name.startsWith(".") && !/\.(md|log)$/.test(name);

/** Builds copied with the base; each is rebuilt when its sources differ from the head's. */
const builds = ["functions/dist", "policy-pack/dist"];
const packages = ["node_modules", "policy-pack/node_modules"];

/** The base in a folder of its own, with the head's packages. */
export interface Base {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Copies the base into a temporary folder. The folder is removed when this process ends at the
 * latest, by SIGINT and SIGTERM as well.
 * @param base a folder that holds stacks/ (without a program, the head's runs over its stack
 * files), or a git revision
 * @throws UsageError when it is neither
 */
export function copyBase(root: string, base: string): Base {
  const isFolder = statSync(base, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder && !existsSync(path.join(base, "stacks")))
    throw new UsageError(
      `--base: found ${base}, a folder without stacks/; allowed a checkout of this project, or a git revision`,
    );
  const commit = isFolder ? undefined : commitOf(root, base);
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), "cline-base-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const)
    process.once(signal, () => process.exit(128 + number));
  if (commit === undefined) copyFolder(root, base, folder);
  else extract(root, commit, folder);
  // Keeps each entry that the base's folder already holds.
  const brought = (name: string): boolean =>
    existsSync(path.join(root, name)) &&
    existsSync(path.dirname(path.join(folder, name))) &&
    !existsSync(path.join(folder, name));
  for (const each of packages.filter(brought))
    symlinkSync(realpathSync(path.join(root, each)), path.join(folder, each));
  for (const each of builds.filter(brought))
    cpSync(path.join(root, each), path.join(folder, each), { recursive: true });
  return { folder, remove };
}

function commitOf(root: string, revision: string): string {
  try {
    return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).toString().trim();
  } catch {
    throw new UsageError(
      `--base: found ${revision}; allowed a folder with stacks/, or a git revision of this checkout; fetch it first (git fetch --depth 1 origin REV)`,
    );
  }
}

const git = (root: string, ...args: string[]): Buffer =>
  execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 30 });

/** The revision's part of the folder `root`: the repository may be larger. */
function extract(root: string, commit: string, folder: string): void {
  execFileSync("tar", ["-x", "-C", folder], {
    input: git(root, "archive", "--format=tar", commit),
    maxBuffer: 2 ** 30,
  });
}

function copyFolder(root: string, base: string, folder: string): void {
  const program = existsSync(path.join(base, "index.ts")) ? base : root;
  const copy = (from: string, name: string): void =>
    cpSync(path.join(from, name), path.join(folder, name), {
      recursive: true,
      dereference: true,
      filter: (source) => isProgram(path.basename(source)),
    });
  for (const name of readdirSync(program).filter((each) => isProgram(each) && each !== "stacks")) copy(program, name);
  mkdirSync(path.join(folder, "stacks"));
  copy(base, "stacks");
}

/**
 * Files of the program, outside of stacks/, that differ between two folders: sorted, relative to
 * them.
 */
export function changedProgram(base: string, head: string): readonly string[] {
  const [before, after] = [filesOf(base), filesOf(head)];
  return [...new Set([...before, ...after])]
    .filter((file) => !before.has(file) || !after.has(file) || !isSame(path.join(base, file), path.join(head, file)))
    .sort();
}

function filesOf(root: string): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(path.join(root, folder)).filter(isProgram)) {
      const file = path.posix.join(folder, name);
      if (file === "stacks") continue;
      if (statSync(path.join(root, file)).isDirectory()) visit(file);
      else files.add(file);
    }
  };
  visit("");
  return files;
}

const isSame = (a: string, b: string): boolean => readFileSync(a).equals(readFileSync(b));
