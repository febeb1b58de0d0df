import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { installed } from "../paths";

/** An exception of a snippet. */
export interface Raised {
  readonly type: string;
  readonly message: string;
  /** Prisma's code and details, of errors that have them. */
  readonly code: string | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}

type Answer = { readonly value: unknown } | { readonly error: Raised };

/** A Python process with a generated client. */
export class Python {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private errors = "";

  /** `folder` holds the client's package `name`; `env` leads it to engine and database. */
  constructor(folder: string, name: string, env: NodeJS.ProcessEnv) {
    this.child = spawn(installed("GATEWAY_PYTHON"), [path.join(__dirname, "runner.py"), folder, name], {
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.errors += chunk.toString("utf8")));
  }

  /** What the engine and the client wrote to standard error. */
  get reported(): string {
    return this.errors;
  }

  /** The value that a snippet, the body of an async function, returns. */
  async value(snippet: string): Promise<unknown> {
    const answer = await this.run(snippet);
    if ("error" in answer) throw new Error(`${answer.error.type}: ${answer.error.message}\n${snippet}`);
    return answer.value;
  }

  /** The exception that a snippet must end with. */
  async raised(snippet: string): Promise<Raised> {
    const answer = await this.run(snippet);
    if ("value" in answer) throw new Error(`no exception, but ${JSON.stringify(answer.value)}\n${snippet}`);
    return answer.error;
  }

  private async run(snippet: string): Promise<Answer> {
    const ended = new AbortController();
    const answer = Promise.race([
      once(this.lines, "line", { signal: ended.signal }),
      once(this.child, "exit", { signal: ended.signal }),
    ]);
    this.child.stdin?.write(`${JSON.stringify(snippet)}\n`);
    const [line] = (await answer) as [unknown];
    ended.abort();
    if (typeof line !== "string") throw new Error(`Python ended:\n${this.errors}`);
    return JSON.parse(line) as Answer;
  }

  /** Ends the process, and its engine with it, as a program's normal end does. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.stdin?.end();
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
  }
}
