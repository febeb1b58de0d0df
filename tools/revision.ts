import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";

/** What git prints for these arguments in the clone. */
export const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

/** The full id of the commit that a revision names. @throws Error when the clone does not hold it */
export function commitOf(root: string, revision: string): string {
  try {
    return execFileSync("git", ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    throw new Error(`revision ${revision}: not in this clone. A shallow clone needs \`git fetch --unshallow\` first.`);
  }
}

/** Writes the files of a commit into `folder`. */
export function writeRevision(root: string, commit: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync("git", ["archive", "--format=tar", commit], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
}

/** The same, with modules that fit the commit. */
export function extractRevision(root: string, commit: string, folder: string): void {
  writeRevision(root, commit, folder);
  provideModules(root, folder);
}

/** Links the clone's modules where they hold every package of the copy's lock file in the same version; installs them otherwise. */
export function provideModules(root: string, folder: string): void {
  const target = path.join(folder, "node_modules");
  if (existsSync(target)) return;
  if (isWithin(lockOf(folder), lockOf(root))) symlinkSync(path.join(root, "node_modules"), target);
  else
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
}

/** The part of a lock file (version 3) that says what is installed where. */
export interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

const lockOf = (folder: string): Lock =>
  JSON.parse(readFileSync(path.join(folder, "package-lock.json"), "utf8")) as Lock;

/** Whether an installation by `whole` also serves programs written for `part`. */
export const isWithin = (part: Lock, whole: Lock): boolean =>
  Object.entries(part.packages)
    .filter(([at]) => at.startsWith("node_modules/"))
    .every(([at, { version }]) => whole.packages[at] !== undefined && whole.packages[at].version === version);
