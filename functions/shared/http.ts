import { Agent, interceptors, request as dispatch, type Dispatcher } from "undici";

/** A request with a JSON body, or none. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** PEM of the only certificate authority to trust; absent or empty: the public ones. */
  readonly ca?: string;
  /** Default 15 seconds, a retry included. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown;
  /** Each Set-Cookie header. */
  readonly cookies: readonly string[];
}

/**
 * A kept-alive connection may be closed by the other end while a request is on its way. GET is sent a second time then; POST is not, because the
 * gateway may have acted on it. Answers are never retried, whatever their status.
 */
const retryBrokenConnection = interceptors.retry({
  maxRetries: 1,
  minTimeout: 0,
  methods: ["GET"],
  statusCodes: [],
  errorCodes: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"],
});

// One pool for each authority: a reconciliation makes hundreds of calls.
const pools = new Map<string, Dispatcher>();

function poolFor(ca: string): Dispatcher {
  const known = pools.get(ca);
  if (known) return known;
  const made = new Agent({ connections: 16, ...(ca !== "" && { connect: { ca } }) }).compose(retryBrokenConnection);
  pools.set(ca, made);
  return made;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the words of a proxy in between.
    return text;
  }
}

/**
 * Sends one request.
 * @throws Error when there is no answer in time. Its message holds method and URL, never headers or body.
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, ca = "", timeoutMs = 15_000 } = request;
  try {
    const answer = await dispatch(url, {
      method,
      dispatcher: poolFor(ca),
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const cookies = [answer.headers["set-cookie"] ?? []].flat();
    return { status: answer.statusCode, body: parsed(await answer.body.text()), cookies };
  } catch (fault) {
    const { name, message } = fault as Error;
    throw new Error(`${method} ${url}: ${name === "TimeoutError" ? "no answer in time" : message}`, { cause: fault });
  }
}
