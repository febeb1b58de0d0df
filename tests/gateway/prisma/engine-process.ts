import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, isOpen } from "../support/server";
import { Bench, schema } from "./conformance/bench";

/** Asks until the answer is true. */
export async function until(what: string, true_: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await true_())) {
    if (Date.now() > end) throw new Error(`not in ${deadlineMs} ms: ${what}`);
    await sleep(50);
  }
}

/** Whether a process runs; one that nobody has waited for does not. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Engines that a test has started, for its end. */
export const started: ChildProcess[] = [];

/** An engine's process, its port, and what it printed to standard error. */
export interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly printed: () => string;
}

/** Starts an engine on a bench's database. */
export async function start(bench: Bench, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const port = await freePort();
  const environment: NodeJS.ProcessEnv = { ...bench.environment(), PRISMA_DML_PATH: schema, ...env };
  const file = environment["PRISMA_QUERY_ENGINE_BINARY"] ?? "";
  const child = spawn(file, ["-p", String(port), "--enable-metrics", "--enable-raw-queries"], { env: environment });
  started.push(child);
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  return { child, port, printed: () => printed };
}

/** Starts an engine, and waits until it listens. */
export async function ready(bench: Bench, env?: NodeJS.ProcessEnv): Promise<Started> {
  const engine = await start(bench, env);
  await until("the engine listens", () => isOpen(engine.port));
  return engine;
}
