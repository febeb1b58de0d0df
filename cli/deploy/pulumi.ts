import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

/** What a command of the Pulumi CLI printed. */
export interface PulumiResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pulumi ARGS…` in the project's folder and waits for its end; another code than 0 is no error here. */
export type Pulumi = (args: readonly string[]) => Promise<PulumiResult>;

/** Code of a command line that is not on PATH. */
export const notInstalled = 127;

/** A state of a thousand resources has tens of megabytes. */
const mostOutput = 512 * 1024 * 1024;

const quiet = ["--non-interactive", "--color", "never"];

/** The CLI on PATH, for commands that read. */
export const pulumiCli =
  (root: string): Pulumi =>
  (args) =>
    new Promise((resolve) => {
      execFile("pulumi", [...args, ...quiet], { cwd: root, maxBuffer: mostOutput }, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code === "ENOENT" ? notInstalled : Number(error.code ?? 1);
        resolve({ code, stdout, stderr });
      });
    });

/** A running `pulumi up`. */
export interface RunningUp {
  readonly pid: number | undefined;
  /** The exit code, after the last line. */
  readonly done: Promise<number>;
  /** Asks Pulumi to finish what it has begun, save the state and end. Call it once: a second signal ends it at once. */
  readonly stop: () => void;
}

/** An `up` of a stack. */
export interface Up {
  /** The project's folder. */
  readonly root: string;
  readonly stack: string;
  /** Settings of the pack for the stack, as the text of Pulumi's policy config file. */
  readonly policyConfig: string;
  /** File of a saved plan: anything else is refused. Absent: what the files say now. */
  readonly plan?: string | undefined;
}

/** Arguments of every `up`: the pack always judges, in the preview before anything is made; outputs stay out of logs. */
export const upArgs = ({ root, stack, plan }: Up, configFile: string): readonly string[] => [
  "up",
  "--yes",
  "--suppress-outputs",
  "--stack",
  stack,
  "--policy-pack",
  path.join(root, "policy-pack"),
  "--policy-pack-config",
  configFile,
  ...(plan === undefined ? [] : ["--plan", plan]),
  ...quiet,
];

/**
 * Starts `pulumi up`. The child has a process group of its own: a terminal sends Ctrl-C to every
 * process of the foreground's group, and Pulumi takes a second signal as an order to stop at once.
 * @param onLine receives each printed line
 */
export function startUp(up: Up, onLine: (line: string) => void): RunningUp {
  const folder = mkdtempSync(path.join(tmpdir(), "cline-up-"));
  const configFile = path.join(folder, "policy-config.json");
  writeFileSync(configFile, up.policyConfig);
  const child = spawn("pulumi", [...upArgs(up, configFile)], {
    cwd: up.root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
  const done = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      onLine(`error: pulumi cannot be started: ${error.message}`);
      resolve(notInstalled);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
  void done.then(() => rmSync(folder, { recursive: true, force: true }));
  return { pid: child.pid, done, stop: () => void child.kill("SIGINT") };
}
