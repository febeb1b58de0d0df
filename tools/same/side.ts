import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Files } from "./sets";

/** What one call of the command line printed. */
export interface Printed {
  /** 0 accepted, 1 a mandatory violation, 2 a fault. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A copy of the project at one state, in which its own command line runs. */
export interface Side {
  readonly shipped: Files;
  /** Runs `preview ARGS` over the given stack files, and no others. */
  readonly preview: (files: Files, args: readonly string[]) => Promise<Printed>;
  readonly remove: () => void;
}

const STACK_FILE = /^Pulumi\.[^/]+\.yaml$/;
const git = (root: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

/** The commit that a revision names. @throws Error when the clone does not hold it */
export function commitOf(root: string, revision: string): string {
  try {
    return execFileSync("git", ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  } catch {
    throw new Error(`revision ${revision}: not in this clone. A shallow clone needs \`git fetch --unshallow\` first.`);
  }
}

/** A revision. What it prints is kept in .cache/same/COMMIT, since a commit does not change. */
export function revisionSide(root: string, commit: string): Side {
  const cache = path.join(root, ".cache/same", commit);
  mkdirSync(cache, { recursive: true });
  let side: Side | undefined;
  const made = (): Side => (side ??= sideIn(extracted(root, commit)));
  const shipped = (): Files => {
    const names = git(root, "ls-tree", "--name-only", commit, "stacks/").split("\n");
    const stackFiles = names.filter((name) => STACK_FILE.test(path.basename(name)));
    return Object.fromEntries(stackFiles.map((name) => [path.basename(name), git(root, "show", `${commit}:${name}`)]));
  };
  return {
    shipped: shipped(),
    preview: async (files, args) => {
      const digest = createHash("sha256")
        .update(JSON.stringify([files, args]))
        .digest("hex");
      const kept = path.join(cache, `${digest}.json.gz`);
      if (existsSync(kept)) return JSON.parse(gunzipSync(readFileSync(kept)).toString("utf8")) as Printed;
      const printed = await made().preview(files, args);
      if (printed.code <= 1) writeFileSync(kept, gzipSync(JSON.stringify(printed)));
      return printed;
    },
    remove: () => side?.remove(),
  };
}

/** The working tree as it is: what git tracks, and new files that it does not ignore. */
export function workingSide(root: string): Side {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-same-now-"));
  for (const file of git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"))
    if (file !== "" && existsSync(path.join(root, file))) cpSync(path.join(root, file), path.join(folder, file));
  linkModules(root, folder);
  return sideIn(folder);
}

function extracted(root: string, commit: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-same-revision-"));
  const archive = execFileSync("git", ["archive", "--format=tar", commit], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  linkModules(root, folder);
  return folder;
}

/** The clone's modules serve a copy with the same lock file; another copy installs its own. */
function linkModules(root: string, folder: string): void {
  const lock = (home: string): string => readFileSync(path.join(home, "package-lock.json"), "utf8");
  if (lock(root) === lock(folder)) symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  else
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
}

function sideIn(folder: string): Side {
  const stacks = path.join(folder, "stacks");
  const stackFiles = (): string[] => readdirSync(stacks).filter((name) => STACK_FILE.test(name));
  return {
    shipped: Object.fromEntries(stackFiles().map((name) => [name, readFileSync(path.join(stacks, name), "utf8")])),
    preview: (files, args) => {
      for (const name of stackFiles()) rmSync(path.join(stacks, name));
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(stacks, name), text);
      return previewIn(folder, args);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function previewIn(folder: string, args: readonly string[]): Promise<Printed> {
  const child = spawn("npm", ["run", "--silent", "preview", "--", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ code: code ?? 2, out, err: signal === null ? err : `${err}\n${signal}` }),
    );
  });
}
