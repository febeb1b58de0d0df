import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Chromium without a screen, driven by its DevTools protocol over two pipes. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #session: string | undefined;
  #last = 0;

  constructor(profile: string) {
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const flags = [
      "--headless=new",
      "--remote-debugging-pipe",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
    ];
    this.#process = spawn(
      "chromium",
      [...flags, ...root, `--user-data-dir=${profile}`, "--window-size=1280,800", "about:blank"],
      {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      },
    );
    let rest = "";
    (this.#process.stdio[4] as Readable).on("data", (chunk: Buffer) => {
      const parts = `${rest}${chunk.toString()}`.split("\0");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const answer = JSON.parse(part) as Answer;
        if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
      }
    });
  }

  /** @throws Error where Chromium refuses, or does not answer within a minute. */
  async #ask(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#last;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const silence = sleep<Answer>(60_000, { error: { message: "no answer" } }, { ref: false });
    const { result, error } = await Promise.race([answer, silence]);
    this.#waiting.delete(id);
    if (result === undefined) throw new Error(`${method}: ${error?.message ?? "no answer"}`);
    return result;
  }

  async open(url: string): Promise<void> {
    const { targetId } = await this.#ask("Target.createTarget", { url });
    const { sessionId } = await this.#ask("Target.attachToTarget", { targetId, flatten: true });
    this.#session = String(sessionId);
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#ask("Runtime.evaluate", { expression, returnByValue: true });
    return (result as { value?: unknown }).value;
  }

  /** Waits until an expression is true in the page. @throws Error after `seconds` */
  async until(expression: string, seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      if ((await this.evaluate(expression)) === true) return;
      await sleep(1000);
    }
    throw new Error(`the page never has ${expression}: ${String(await this.evaluate("document.body.innerText"))}`);
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#ask("Page.captureScreenshot", { format: "png" });
    return Buffer.from(String(data), "base64");
  }

  async close(): Promise<void> {
    await this.#ask("Browser.close", {}).catch(() => this.#process.kill("SIGKILL"));
  }
}
