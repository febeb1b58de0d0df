import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../support/gateway";
import { processesOf, workersOf } from "../support/workers";

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
};

/** The suite's query engine, in JavaScript: Prisma's own is compiled, and costs something else. */
const standsIn = (pid: number): boolean => read(pid, "cmdline").includes("engine.js");

/** Seconds of processor time, the user's and the kernel's, of a task's own processes. */
export const processorSeconds = (gateway: Gateway): number =>
  processesOf(gateway)
    .filter((pid) => !standsIn(pid))
    .reduce((sum, pid) => {
      const fields = read(pid, "stat").split(") ")[1]?.split(" ") ?? [];
      return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
    }, 0);

/** The most memory that a worker of the task ever had, in MB. */
export const peakMemory = (gateway: Gateway): number =>
  Math.max(...workersOf(gateway).map((pid) => Number(/VmHWM:\s+(\d+)/.exec(read(pid, "status"))?.[1] ?? 0) / 1000));

/** What tasks spend on no request: seconds of processor a second, by task. */
export async function backgroundOf<Kind extends string>(
  tasks: Readonly<Record<Kind, Gateway>>,
  seconds = 10,
): Promise<Record<Kind, number>> {
  const kinds = Object.keys(tasks) as Kind[];
  const before = kinds.map((kind) => processorSeconds(tasks[kind]));
  const started = performance.now();
  await sleep(1000 * seconds);
  const passed = (performance.now() - started) / 1000;
  const spent = kinds.map((kind, at) => [kind, (processorSeconds(tasks[kind]) - before[at]!) / passed] as const);
  return Object.fromEntries(spent) as Record<Kind, number>;
}

/** Milliseconds of processor that each of `count` requests costs a task, its log and its bookings included, its background work not. */
export async function millisecondsOf(
  gateway: Gateway,
  background: number,
  count: number,
  send: (count: number) => Promise<void>,
): Promise<number> {
  const before = processorSeconds(gateway);
  const started = performance.now();
  await send(count);
  // LiteLLM books and traces a request after its answer.
  await sleep(1500);
  const passed = (performance.now() - started) / 1000;
  return (1000 * (processorSeconds(gateway) - before - background * passed)) / count;
}

export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
};

/** The middle of the values; of an even number, of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}
