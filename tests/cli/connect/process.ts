import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "../../support/project";
import type { World } from "./world";

/** Starts `connect` as a person does, in a project and a world of the test. */
export function startConnect(
  project: TestProject,
  world: World,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
) {
  const { env } = world.surroundings();
  const child = spawn(process.execPath, ["-r", require.resolve("tsx/cjs"), "cli/main.ts", "connect", ...args], {
    cwd: project.root,
    env: { ...env, TMPDIR: process.env["TMPDIR"] ?? "/tmp", ...more },
  });
  const [out, errors]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const done = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, out: () => out.join(""), errors: () => errors.join(""), done };
}

/** What a command did in a terminal; its code is negative where it had to be killed after a minute. */
export interface Seen {
  readonly code: number;
  readonly text: string;
  /** The terminal's settings are what they were. */
  readonly same: boolean;
}

/** Runs a command in a terminal of its own. @param steps patterns on the screen, and the keys that follow each */
export async function inTerminal(
  env: NodeJS.ProcessEnv,
  command: readonly string[],
  steps: readonly (readonly [pattern: string, keys: string])[],
  cwd: string,
): Promise<Seen> {
  // Python may be started by a program that changes PATH.
  const own = Object.entries(env).map(([name, value]) => `${name}=${value ?? ""}`);
  const args = [path.join(__dirname, "terminal.py"), JSON.stringify(steps), "/usr/bin/env", ...own, ...command];
  const { stdout } = await promisify(execFile)("python3", args, { cwd });
  return JSON.parse(stdout) as Seen;
}

/** Resolves when something holds, or after a minute. */
export async function waitFor(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
