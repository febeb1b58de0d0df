import { spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import type { Surroundings } from "./surroundings";

/** A machine that was away for longer than this was asleep, in milliseconds. */
const asleep = 15_000;

/** Whether the machine slept or changed its network between two calls. */
export function changeDetector(now: () => number = Date.now, addresses = ownAddresses): () => boolean {
  let [last, known] = [now(), addresses()];
  return () => {
    const [time, current] = [now(), addresses()];
    const changed = time - last > asleep || current !== known;
    [last, known] = [time, current];
    return changed;
  };
}

const ownAddresses = (): string =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join(" ");

/** Asks on standard error; standard input may be a pipe. A stop ends the question without an answer. */
export const ask =
  (stop: AbortSignal): Surroundings["ask"] =>
  (question) =>
    new Promise((resolve) => {
      let answered = false;
      const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
      const close = (): void => lines.close();
      stop.addEventListener("abort", close);
      // In a terminal Ctrl-C is a key for readline, and no signal.
      lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
      lines.once("close", () => {
        stop.removeEventListener("abort", close);
        // At the end of the input the question's line is still open.
        process.stderr.write(answered ? "" : "\n");
        resolve(undefined);
      });
      lines.question(question, (answer) => {
        answered = true;
        resolve(answer);
        lines.close();
      });
    });

const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "open", win32: "explorer" };

/** Opens a browser where there is one; the address is printed in any case. */
export const browse =
  (env: NodeJS.ProcessEnv): Surroundings["browse"] =>
  (url) => {
    const child = spawn(openers[process.platform] ?? "xdg-open", [url], { env, stdio: "ignore", detached: true });
    child.once("error", () => undefined);
    child.unref();
  };
