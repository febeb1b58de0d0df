import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** What the probe sends: small chat requests at a steady pace, and liveliness beside them. */
export interface Probe {
  readonly url: string;
  readonly key: string;
  readonly seconds: number;
  readonly perSecond: number;
}

/** Milliseconds of each answer. */
export interface Probed {
  readonly chat: readonly number[];
  readonly liveliness: readonly number[];
  /** Answers that were not 200. */
  readonly failed: number;
}

// A connection of its own for each request: the workers take them in turns.
const agent = new Agent({ keepAlive: false, rejectUnauthorized: false, maxSockets: Infinity });

function timed(url: string, path: string, key?: string): Promise<{ readonly ms: number; readonly status: number }> {
  const body = JSON.stringify({ model: "light", messages: [{ role: "user", content: "Say hello." }], max_tokens: 50 });
  const started = performance.now();
  return new Promise((done, failed) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${key ?? ""}` };
    const sent = request(
      new URL(path, url),
      key === undefined ? { agent } : { agent, method: "POST", headers },
      (answer) => {
        answer.resume().once("end", () => done({ ms: performance.now() - started, status: answer.statusCode ?? 0 }));
      },
    );
    sent.once("error", failed);
    sent.end(key === undefined ? undefined : body);
  });
}

async function steadily(
  seconds: number,
  perSecond: number,
  send: () => Promise<{ readonly ms: number; readonly status: number }>,
) {
  const started = performance.now();
  const running: ReturnType<typeof send>[] = [];
  for (let nth = 0; nth < seconds * perSecond; nth++) {
    await sleep(Math.max(0, (nth * 1000) / perSecond - (performance.now() - started)));
    running.push(send());
  }
  return Promise.all(running);
}

async function main({ url, key, seconds, perSecond }: Probe): Promise<void> {
  const [chat, liveliness] = await Promise.all([
    steadily(seconds, perSecond, () => timed(url, "/v1/chat/completions", key)),
    steadily(seconds, 4, () => timed(url, "/health/liveliness")),
  ]);
  const failed = [...chat, ...liveliness].filter(({ status }) => status !== 200).length;
  const found: Probed = { chat: chat.map(({ ms }) => ms), liveliness: liveliness.map(({ ms }) => ms), failed };
  process.stdout.write(JSON.stringify(found));
}

void main(JSON.parse(process.argv[2] ?? "") as Probe);
