import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { World } from "./world";

/** One answer of the gateway to a chat request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; of a stream, the text. */
  readonly body: unknown;
  readonly text: string;
  /** Milliseconds from sending to the answer's end. */
  readonly ms: number;
  /** Milliseconds from sending to its first byte. */
  readonly firstByteMs: number;
}

export interface Ask {
  readonly key: string;
  readonly model?: string;
  readonly content?: unknown;
  /** Further fields of the body; undefined leaves one out. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly stream?: boolean;
  /** Ends the request from the caller's side. */
  readonly signal?: AbortSignal;
  /** URL of one task, to go past the load balancer. */
  readonly url?: string;
  readonly agent?: Agent;
}

/** Sends chat requests as a workspace does: over TLS, through the load balancer, its connections kept alive. */
export class Client {
  private readonly agent: Agent;

  constructor(private readonly world: World) {
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(world.certificates.ca), maxSockets: 512 });
  }

  chat(ask: Ask): Promise<Answer> {
    const { key, model = "light", content = "Say hello.", more = {}, headers = {}, stream, signal } = ask;
    const body = JSON.stringify({
      model,
      messages: [{ role: "user", content }],
      max_tokens: 50,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...more,
    });
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(ask.path ?? "/v1/chat/completions", ask.url ?? this.world.url),
        {
          method: "POST",
          agent: ask.agent ?? this.agent,
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
          ...(ask.url === undefined ? {} : { rejectUnauthorized: false }),
          ...(signal ? { signal } : {}),
        },
        (answer) => {
          const firstByteMs = performance.now() - started;
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.once("error", reject);
          answer.once("end", () => {
            const text = Buffer.concat(parts).toString("utf8");
            const { statusCode: status = 0, headers: received } = answer;
            resolve({
              status,
              headers: received,
              body: parsed(text),
              text,
              ms: performance.now() - started,
              firstByteMs,
            });
          });
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
  }

  /** The body of an OpenAI-style error, as text. */
  static words({ status, text }: Answer): string {
    return `${status} ${text.slice(0, 300)}`;
  }

  close(): void {
    this.agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A client for the tests of the block that calls this: made when the world is there, closed after them. */
export function useClient(world: () => World): Pick<Client, "chat"> {
  let client: Client | undefined;
  before(() => {
    client = new Client(world());
  });
  after(() => client?.close());
  return {
    chat: (ask) => {
      if (!client) throw new Error("a client is used in tests and hooks only");
      return client.chat(ask);
    },
  };
}
