import http from "node:http";
import type { Answers } from "./answers";
import { engineError } from "./errors";
import { isUnreadable, type Translator } from "./graphql";
import type { QueryCore } from "./packages";

interface QueryBody {
  readonly query: string;
}

interface BatchBody {
  readonly batch: readonly QueryBody[];
  readonly transaction: boolean;
}

/** Spans of traces, which nobody reads. */
const noTrace = "{}";

/** The core gives its transactions longer ids, and ends the process over a shorter one. */
const isTransaction = (id: string): boolean => id.length >= 24;

const noTransaction = engineError("P2028", "Transaction API error: Transaction not found.");

/** Prisma's HTTP interface over the engine's core, on loopback. */
export function serve(port: number, core: QueryCore, translator: Translator, answers: Answers): http.Server {
  const query = async (text: string, transaction: string | undefined): Promise<unknown> => {
    if (transaction !== undefined && !isTransaction(transaction)) return { errors: [noTransaction] };
    const body = JSON.parse(text) as QueryBody | BatchBody;
    const request =
      "batch" in body
        ? {
            batch: body.batch.map((one) => translator.translate(one.query)),
            ...(body.transaction && transaction === undefined && { transaction: {} }),
          }
        : translator.translate(body.query);
    return answers.read(await core.query(JSON.stringify(request), noTrace, transaction));
  };

  const route = async (request: http.IncomingMessage): Promise<unknown> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const call = `${request.method ?? ""} ${url.pathname}`;
    const body = await text(request);
    if (call === "GET /status") return { status: "ok" };
    if (call === "POST /") return query(body, header(request, "x-transaction-id"));
    if (call === "POST /transaction/start") return answers.transaction(await core.startTransaction(body, noTrace));
    const [, id, end] = /^POST \/transaction\/([^/]+)\/(commit|rollback)$/.exec(call) ?? [];
    if (id === undefined) return undefined;
    if (!isTransaction(id)) return { errors: [noTransaction] };
    const ended = end === "commit" ? core.commitTransaction(id, noTrace) : core.rollbackTransaction(id, noTrace);
    return answers.transaction(await ended);
  };

  // A client that finds an idle connection closed reports an engine that is down: no deadline here.
  const server = http.createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
    (request, response) => {
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(typeof value === "string" ? value : JSON.stringify(value));
      };
      route(request).then(
        (value) => (value === undefined ? answer(404, {}) : answer(200, value)),
        (error: unknown) =>
          answer(200, { errors: [engineError(isUnreadable(error) ? "P2009" : undefined, String(error))] }),
      );
    },
  );
  return server.listen(port, "127.0.0.1");
}

async function text(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function header(request: http.IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
