import { spawn } from "node:child_process";

export interface CommandResult {
  /** The command as typed, without its folder. */
  readonly command: string;
  /** Exit code; 128 and the signal's name in `signal` when it was killed. */
  readonly code: number;
  readonly signal: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
  readonly onStart?: (pid: number) => void;
}

const groups = new Set<number>();

/** Kills a command with its process group; plugins leave with it, since their standard input ends. */
export function killGroup(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Kills every command that still runs. */
export const killAll = (): void => groups.forEach((pid) => killGroup(pid));

process.on("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** Runs a command in a process group of its own until it ends. Throws when it is not done in time, with what it printed last. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, deadlineMs, onStart }: CommandOptions,
): Promise<CommandResult> {
  const started = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const { pid } = child;
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  if (pid !== undefined) {
    groups.add(pid);
    onStart?.(pid);
  }
  const late = new AbortController();
  const deadline = setTimeout(() => {
    late.abort();
    if (pid !== undefined) killGroup(pid);
  }, deadlineMs);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...ended) => resolve(ended));
  }).finally(() => {
    clearTimeout(deadline);
    if (pid !== undefined) groups.delete(pid);
  });
  const result = {
    command: [file.split("/").pop(), ...args].join(" "),
    code: code ?? 128,
    signal: signal ?? "",
    stdout: Buffer.concat(chunks.stdout).toString("utf8"),
    stderr: Buffer.concat(chunks.stderr).toString("utf8"),
    seconds: (performance.now() - started) / 1000,
  };
  if (late.signal.aborted) throw new Error(`${result.command} was not done in ${deadlineMs / 1000} s\n${tail(result)}`);
  return result;
}

/** The end of what a command printed, for messages. */
export const tail = ({ stdout, stderr }: CommandResult, lines = 40): string =>
  `${stdout}\n${stderr}`.trim().split("\n").slice(-lines).join("\n");
