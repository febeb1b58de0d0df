import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** A request with a JSON body, or none. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** PEM of the authority to trust besides nothing else; absent or empty: the public ones. */
  readonly ca?: string;
  /** Default 15 seconds. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown;
}

// Kept-alive connections: a reconciliation makes hundreds of calls.
const plain = new HttpAgent({ keepAlive: true, maxSockets: 16 });
const secure = new Map<string, HttpsAgent>();

function agentFor(ca: string): HttpsAgent {
  const known = secure.get(ca);
  if (known) return known;
  const made = new HttpsAgent({ keepAlive: true, maxSockets: 16, ...(ca === "" ? {} : { ca }) });
  secure.set(ca, made);
  return made;
}

/**
 * Sends one request.
 * @throws Error when nothing answers in time. Its message holds method and URL, never headers or body.
 */
export function send(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, ca = "", timeoutMs = 15_000 } = request;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const isPlain = url.startsWith("http:");
  const options = {
    method,
    agent: isPlain ? plain : agentFor(ca),
    headers: {
      accept: "application/json",
      ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
      ...headers,
    },
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const fail = (fault: Error) =>
      reject(new Error(`${method} ${url}: ${fault.name === "TimeoutError" ? "no answer in time" : fault.message}`));
    const sent = (isPlain ? httpRequest : httpsRequest)(url, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", fail);
      answer.on("end", () => {
        const answered = Buffer.concat(parts).toString("utf8");
        let parsed: unknown = answered;
        try {
          parsed = JSON.parse(answered);
        } catch {
          // Not JSON: the text says what a proxy in between had to say.
        }
        resolve({ status: answer.statusCode ?? 0, body: parsed });
      });
    });
    sent.on("error", fail);
    sent.end(text);
  });
}
