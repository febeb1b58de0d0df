import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "./gateway";

/** Looks at something again and again, and keeps what it saw whenever that has changed. */
export class Watch<T> {
  private readonly seen: { readonly at: number; readonly what: T }[] = [];
  private ended = false;
  private readonly loop: Promise<void>;

  /** @param now gives milliseconds. */
  constructor(look: () => Promise<T>, now: () => number, everyMs: number) {
    this.loop = (async () => {
      while (!this.ended) {
        const at = now();
        const what = await look();
        if (JSON.stringify(what) !== JSON.stringify(this.seen.at(-1)?.what)) this.seen.push({ at, what });
        await sleep(everyMs);
      }
    })();
  }

  /** Looks no more. @returns what was seen, in its order. */
  async stop(): Promise<readonly T[]> {
    this.ended = true;
    await this.loop;
    return this.seen.map(({ what }) => what);
  }

  /** What was seen and since when, in seconds from `since`, as text. */
  told(since: number): string {
    return this.seen
      .map(({ at, what }) => `${JSON.stringify(what)} at ${((at - since) / 1000).toFixed(0)} s`)
      .join(", ");
  }
}

/** Status of a task's readiness; 0 when it does not answer within five seconds. */
export function readiness({ port }: Gateway): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(
      { host: "127.0.0.1", port, path: "/health/readiness", rejectUnauthorized: false, timeout: 5000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(0));
    asked.end();
  });
}
