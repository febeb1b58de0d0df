import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Surroundings, Timings } from "../../../cli/connect/surroundings";

/** What AWS answers to a call: JSON, text as `--output text` prints it, or text on standard error with exit code 254. */
export type Answer =
  { readonly json: unknown } | { readonly text: string } | { readonly error: string } | { readonly silence: true };

/** How the plugin behaves in one session. */
export type Behaviour =
  | "serve"
  | "silent"
  | "dead"
  | "ends"
  | "drops"
  | "killed"
  | "orphaned"
  | "idle"
  | "stubborn"
  /** Another program has the port, and answers as code-server does: the plugin itself says nothing. */
  | "taken"
  /** Another program has the port: the plugin says so, and ends with 0. */
  | "bound";

/** Answers by service and operation, one a call; the last repeats. A session with a behaviour starts the plugin. */
export interface Script {
  readonly answers: Readonly<Record<string, readonly Answer[]>>;
  readonly sessions: readonly (Behaviour | Answer)[];
  readonly versions?: { readonly aws?: string; readonly plugin?: string };
  /** AWS's own command line, which then runs every command of these services, and the endpoint that it asks. */
  readonly real?: { readonly command: string; readonly endpoint: string; readonly services: readonly string[] };
}

export interface Call {
  readonly args: readonly string[];
  readonly keyId: string | undefined;
  readonly profile: string | undefined;
}

/** Credentials that STS hands out: `seconds` from now. */
export const session = (seconds: number, keyId = "ASIATESTONLY") => ({
  json: {
    Credentials: {
      AccessKeyId: keyId,
      SecretAccessKey: "a-secret-of-the-test",
      SessionToken: "a-token-of-the-test",
      Expiration: new Date(Date.now() + seconds * 1000).toISOString(),
    },
  },
});

export const instance = (state: string, id = "i-0123456789abcdef0") => ({
  json: { Reservations: [{ Instances: [{ InstanceId: id, State: { Name: state } }] }] },
});

export const refused = (code: string, message = "no", operation = "Operation") => ({
  error: `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`,
});

const quick: Timings = { ready: 60_000, poll: 20, healthy: 60_000, probe: 300, watch: 50, quiet: 60_000, grace: 1500 };

/** A machine with an `aws` and a `session-manager-plugin` of the test on PATH, which write down what happens. */
export class World {
  readonly folder = mkdtempSync(path.join(tmpdir(), "connect-"));
  readonly said: string[] = [];
  readonly browsed: string[] = [];
  readonly asked: string[] = [];
  codes: (string | undefined)[] = ["123456"];
  changed = false;
  private controller = new AbortController();

  constructor(script: Script, tools: readonly string[] = ["aws", "session-manager-plugin"]) {
    this.script = script;
    for (const tool of tools) {
      const file = path.join(this.folder, tool);
      const source = readFileSync(path.join(__dirname, `fake-${tool}.cjs`), "utf8");
      writeFileSync(file, `#!${process.execPath}\n${source}`);
      chmodSync(file, 0o755);
    }
  }

  set script(script: Script) {
    writeFileSync(path.join(this.folder, "script.json"), JSON.stringify(script));
  }

  /** Calls of `aws` so far, without those for its version. */
  calls(): Call[] {
    return this.lines<Call>("calls.jsonl").filter(({ args }) => args[0] !== "--version");
  }

  /** What plugins did: arguments, `SIGINT`, `SIGTERM`. */
  events(): string[][] {
    return this.lines<string[]>("events.jsonl");
  }

  private lines<T>(name: string): T[] {
    const file = path.join(this.folder, name);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as T);
  }

  /** A run's view of this machine. */
  surroundings(timings: Partial<Timings> = {}): Surroundings {
    this.controller = new AbortController();
    return {
      env: {
        PATH: this.folder,
        HOME: this.folder,
        AWS_PROFILE: "tanaka",
        WORLD: this.folder,
      },
      say: (text) => void this.said.push(text),
      interactive: true,
      ask: (question) => {
        this.asked.push(question);
        return Promise.resolve(this.codes.length > 1 ? this.codes.shift() : this.codes[0]);
      },
      browse: (url) => void this.browsed.push(url),
      changed: () => this.changed,
      stop: this.controller.signal,
      timings: { ...quick, ...timings },
    };
  }

  /** Ctrl-C. */
  stop(): void {
    this.controller.abort();
  }

  /** Resolves when something was said, after the first `after` lines. */
  async hears(text: RegExp, after = 0): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!this.said.slice(after).some((line) => text.test(line))) {
      if (Date.now() > deadline) throw new Error(`not said: ${text.source}; said: ${this.said.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Everything that a run leaves in arguments and messages. */
  traces(): string {
    return JSON.stringify([this.calls().map(({ args }) => args), this.events(), this.said, this.browsed, this.asked]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
