import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import path from "node:path";

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio: StdioOptions;
  /** Seconds until the child ends itself, in any state. */
  readonly seconds: number;
}

/**
 * Starts Node on `args`. The child never outlives this process: it watches its parent
 * (watchdog.cjs).
 */
export function spawnNode(args: readonly string[], options: ChildOptions): ChildProcess {
  return spawn(process.execPath, ["-r", path.join(__dirname, "watchdog.cjs"), ...args], {
    cwd: options.cwd,
    stdio: options.stdio,
    env: {
      ...process.env,
      ...options.env,
      CLINE_PARENT_PID: String(process.pid),
      CLINE_CHILD_SECONDS: String(options.seconds),
    },
  });
}

/** Resolves once the process has ended and its output has been read; kills it first. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
}
