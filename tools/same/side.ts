import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { cacheFolder } from "../../tests/engine/support/cli";
import { extractRevision, git, provideModules } from "../revision";
import type { Files } from "./sets";

/** What one preview printed. */
export interface Printed {
  /** 0 accepted, 1 a mandatory violation, 2 a fault. */
  readonly code: number;
  readonly err: string;
  /** Reports by format; none after a fault. */
  readonly reports: Readonly<Record<string, string>>;
}

export interface PreviewOptions {
  readonly formats: readonly string[];
  readonly asDeployed: boolean;
}

/** A copy of the project at one state, in which its own command line runs. */
export interface Side {
  readonly shipped: Files;
  /** Previews the given stack files, and no others. */
  readonly preview: (files: Files, options: PreviewOptions) => Promise<Printed>;
  readonly remove: () => void;
}

const STACK_FILE = /^Pulumi\.[^/]+\.yaml$/;

/** A revision. What it prints is kept in the user's cache folder, since a commit does not change. */
export function revisionSide(root: string, commit: string): Side {
  const cache = path.join(cacheFolder(), "same", commit);
  mkdirSync(cache, { recursive: true });
  let side: Side | undefined;
  const made = (): Side => {
    if (side !== undefined) return side;
    const folder = mkdtempSync(path.join(tmpdir(), "cline-same-revision-"));
    extractRevision(root, commit, folder);
    return (side = sideIn(folder));
  };
  const one = async (files: Files, format: string, asDeployed: boolean): Promise<Printed> => {
    const digest = createHash("sha256")
      .update(JSON.stringify([files, format, asDeployed]))
      .digest("hex");
    const kept = path.join(cache, `${digest}.json.gz`);
    if (existsSync(kept)) return JSON.parse(gunzipSync(readFileSync(kept)).toString("utf8")) as Printed;
    const printed = await made().preview(files, { formats: [format], asDeployed });
    if (printed.code <= 1) writeFileSync(kept, gzipSync(JSON.stringify(printed)));
    return printed;
  };
  return {
    shipped: shippedAt(root, commit),
    preview: async (files, { formats, asDeployed }) => {
      const all: Printed[] = [];
      for (const format of formats) all.push(await one(files, format, asDeployed));
      const code = Math.max(...all.map((each) => each.code));
      return {
        code,
        err: all.map(({ err }) => err).join(""),
        reports: Object.fromEntries(all.flatMap((each) => Object.entries(each.reports))),
      };
    },
    remove: () => side?.remove(),
  };
}

function shippedAt(root: string, commit: string): Files {
  const names = git(root, "ls-tree", "--name-only", commit, "stacks/").split("\n");
  const stackFiles = names.filter((name) => STACK_FILE.test(path.basename(name)));
  return Object.fromEntries(stackFiles.map((name) => [path.basename(name), git(root, "show", `${commit}:${name}`)]));
}

/** The working tree as it is: what git tracks, and new files that it does not ignore. */
export function workingSide(root: string): Side {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-same-now-"));
  for (const file of git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"))
    if (file !== "" && existsSync(path.join(root, file))) cpSync(path.join(root, file), path.join(folder, file));
  provideModules(root, folder);
  return sideIn(folder);
}

function sideIn(folder: string): Side {
  const stacks = path.join(folder, "stacks");
  const stackFiles = (): string[] => readdirSync(stacks).filter((name) => STACK_FILE.test(name));
  return {
    shipped: Object.fromEntries(stackFiles().map((name) => [name, readFileSync(path.join(stacks, name), "utf8")])),
    preview: (files, options) => {
      for (const name of stackFiles()) rmSync(path.join(stacks, name));
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(stacks, name), text);
      return previewIn(folder, options);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One format goes to standard output, as every revision can; several go to files in one run. */
async function previewIn(folder: string, { formats, asDeployed }: PreviewOptions): Promise<Printed> {
  const fileOf = (format: string): string => path.join(folder, `same-report.${format}`);
  const several = formats.length > 1;
  for (const format of formats) rmSync(fileOf(format), { force: true });
  const args = several
    ? formats.flatMap((format) => ["--format", `${format}=${fileOf(format)}`])
    : ["--format", ...formats];
  const { code, out, err } = await run(folder, [...args, ...(asDeployed ? ["--as-deployed"] : [])]);
  const reportOf = (format: string): string => (several ? readFileSync(fileOf(format), "utf8") : out);
  // Node itself ends with 1 when a module is missing: a code counts as a verdict only beside its reports.
  const isJudged = code <= 1 && (several ? formats.every((format) => existsSync(fileOf(format))) : out !== "");
  if (!isJudged) return { code: Math.max(code, 2), err, reports: {} };
  return { code, err, reports: Object.fromEntries(formats.map((format) => [format, reportOf(format)])) };
}

function run(folder: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
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
