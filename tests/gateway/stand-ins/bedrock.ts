import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { errorStatus, stepsOf, usageOf, write, type ErrorName, type Failure, type Plan } from "./answer";
import { fault, thinkingFault, type Abilities, type ConverseBody } from "./converse";
import { event, exception } from "./event-stream";
import { guarded, guardrailFault, type Guardrail } from "./guardrail";
import { Loopback } from "./loopback";
import { PromptCache } from "./prompt-cache";
import { titanAnswer, titanFault, type TitanBody } from "./titan";

export type { ErrorName, Failure, Plan } from "./answer";

/** A call as it arrived, and what became of it. */
export interface BedrockRequest {
  /** Model id or inference profile's ARN, as the caller gave it. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether it was InvokeModel, which makes a vector of a text. */
  readonly embeds: boolean;
  /** What Converse or InvokeModel got. */
  readonly body: ConverseBody & Partial<TitanBody>;
  /** The region and access key that the call was signed for. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly host: string;
  /** Milliseconds of the clock. */
  readonly arrived: number;
  ended: number | undefined;
  /** HTTP status, 0 before there is one or when the connection was reset. */
  status: number;
  /** The error that the caller got, in the stream too; `abandoned` when it hung up first. */
  failed: ErrorName | "reset" | "abandoned" | undefined;
  /** What AWS bills: the whole answer once it has begun, whether its caller stays or not. */
  billed: ReturnType<typeof usageOf> | undefined;
}

/** What the stand-in does for one model id. */
class Model {
  capacity = Number.POSITIVE_INFINITY;
  plan: Plan | undefined;
  readonly script: Plan[] = [];
  failures: Failure[] = [];
  inFlight = 0;
  mostInFlight = 0;
}

const credential = /Credential=([^/]+)\/\d{8}\/([^/]+)\/bedrock\/aws4_request/;
const route = /^\/model\/([^/]+)\/(converse|converse-stream|invoke)$/;

/** The caller hung up before it had its answer. */
class Abandoned extends Error {}

class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.error);
  }
}

const streamType = "application/vnd.amazon.eventstream";

/**
 * Bedrock Runtime's Converse and ConverseStream on the loopback, and InvokeModel of Titan Text Embeddings V2, in AWS's wire format. A test says per model id what comes: see
 * {@link plan}, {@link script}, {@link capacity}, {@link failNext}, or {@link answer} for all that those leave open.
 *
 * Limits: signatures are read, not verified; a model is of embeddings where its id ends in `embedding`; a few of Bedrock's validations only (converse.ts); tokens are
 * estimated from characters; a guardrail blocks one pattern, and masks nothing; no redacted thinking, documents, quotas per minute or price; see PromptCache for the cache's. That a
 * model goes on writing for a caller who has left, and that AWS bills it, is taken for granted: AWS's documents promise nothing else.
 */
export class BedrockStandIn extends Loopback {
  /** All calls since the last reset, refused ones too. */
  readonly requests: BedrockRequest[] = [];
  /** Plans the answer to a call that no script, plan, capacity or failure decides. */
  answer: (request: BedrockRequest) => Plan | Promise<Plan> = () => ({});
  /** What the model behind an id can do; unknown by default. */
  abilities: (model: string) => Abilities | undefined = () => undefined;
  /** Guardrails that requests may name. */
  readonly guardrails = new Map<string, Guardrail>();
  /** The prompt cache's clock, in milliseconds. */
  now: () => number = Date.now;
  #models = new Map<string, Model>();
  readonly #cache = new PromptCache();

  protected answerTo(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    this.#call(request, response, body).catch((error: unknown) => end(response, error));
  }

  /** Forgets requests, plans, failures, gauges and the prompt cache. Calls in flight go on by their old plans. */
  reset(): void {
    this.requests.length = 0;
    this.answer = () => ({});
    this.now = Date.now;
    this.abilities = () => undefined;
    this.guardrails.clear();
    this.#models = new Map();
    this.#cache.clear();
  }

  /** Every call of the model gets this; undefined takes it back. */
  plan(model: string, plan: Plan | undefined): void {
    this.#model(model).plan = plan;
  }

  /** The model's next calls get these, one each, before its plan. */
  script(model: string, plans: readonly Plan[]): void {
    this.#model(model).script.push(...plans);
  }

  /** At most so many calls of the model in flight; more are throttled. */
  capacity(model: string, most: number): void {
    this.#model(model).capacity = most;
  }

  /** The model's next calls fail, whatever their plan; 0 takes it back. */
  failNext(model: string, calls: number, failure: Failure = { error: "ThrottlingException" }): void {
    this.#model(model).failures = Array.from({ length: calls }, () => failure);
  }

  inFlight(model: string): number {
    return this.#model(model).inFlight;
  }

  /** The most calls of the model that were in flight at a time, since the last reset. */
  mostInFlight(model: string): number {
    return this.#model(model).mostInFlight;
  }

  #model(id: string): Model {
    const known = this.#models.get(id) ?? new Model();
    this.#models.set(id, known);
    return known;
  }

  async #call(incoming: IncomingMessage, response: ServerResponse, bytes: Buffer): Promise<void> {
    const [, encoded, operation] = route.exec(incoming.url ?? "") ?? [];
    if (incoming.method !== "POST" || encoded === undefined)
      throw new Failed({
        error: "ResourceNotFoundException",
        message: "The stand-in has Converse, ConverseStream and InvokeModel.",
      });
    const [, accessKeyId, region] = credential.exec(incoming.headers.authorization ?? "") ?? [];
    if (accessKeyId === undefined || region === undefined)
      throw new Failed({ error: "AccessDeniedException", message: "Missing Authentication Token" });
    const request: BedrockRequest = {
      model: decodeURIComponent(encoded),
      stream: operation === "converse-stream",
      embeds: operation === "invoke",
      body: JSON.parse(bytes.toString()) as BedrockRequest["body"],
      region,
      accessKeyId,
      host: incoming.headers.host ?? "",
      arrived: Date.now(),
      ended: undefined,
      status: 0,
      failed: undefined,
      billed: undefined,
    };
    this.requests.push(request);
    try {
      await this.#admit(request, response);
    } catch (error) {
      if (error instanceof Abandoned) request.failed = "abandoned";
      if (error instanceof Failed) {
        request.failed = error.failure.error;
        if (request.status === 0 && request.failed !== "reset") request.status = errorStatus[request.failed];
      }
      throw error;
    } finally {
      request.ended = Date.now();
    }
  }

  async #admit(request: BedrockRequest, response: ServerResponse): Promise<void> {
    const wrong = this.#fault(request);
    if (wrong !== undefined) throw new Failed({ error: "ValidationException", message: wrong });
    const model = this.#model(request.model);
    if (model.inFlight >= model.capacity) throw new Failed({ error: "ThrottlingException" });
    model.inFlight += 1;
    model.mostInFlight = Math.max(model.mostInFlight, model.inFlight);
    try {
      const failure = model.failures.shift();
      const plan = failure ? { failure } : (model.script.shift() ?? model.plan ?? (await this.answer(request)));
      await unlessGone(response, pause(plan.firstByteMs ?? 0, undefined, { ref: false }));
      if (plan.failure && (!request.stream || plan.failure.afterPieces === undefined)) throw new Failed(plan.failure);
      await this.#answer(request, plan, response);
    } finally {
      model.inFlight -= 1;
    }
  }

  #fault({ model, embeds, body }: BedrockRequest): string | undefined {
    if (embeds !== model.endsWith("embedding")) return "The requested operation is not supported for this model.";
    if (embeds) return titanFault(body as unknown as Readonly<Record<string, unknown>>);
    return fault(body) ?? thinkingFault(body, this.abilities(model)) ?? guardrailFault(body, this.guardrails);
  }

  #answer(request: BedrockRequest, plan: Plan, response: ServerResponse): Promise<void> {
    if (request.embeds) return this.#vector(request, plan, response);
    return request.stream ? this.#stream(request, plan, response) : this.#whole(request, plan, response);
  }

  async #vector(request: BedrockRequest, plan: Plan, response: ServerResponse): Promise<void> {
    await unlessGone(response, plan.until);
    const answer = titanAnswer(request.body as unknown as TitanBody);
    const input = { inputTokens: answer.inputTextTokenCount, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };
    request.billed = usageOf(input, 0);
    request.status = 200;
    const count = { "x-amzn-bedrock-input-token-count": String(answer.inputTextTokenCount) };
    response.writeHead(200, { ...requestId(), ...count, "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  }

  /** Counted when the answer begins: from then on, what it wrote to the cache can be read. */
  #usage(request: BedrockRequest, plan: Plan, outputTokens: number) {
    const { model, body } = request;
    const none = { inputTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };
    const input = plan.input ? { ...none, ...plan.input } : this.#cache.count(model, body, this.now());
    request.billed = usageOf(input, outputTokens);
    return request.billed;
  }

  #written(request: BedrockRequest, plan: Plan) {
    const { asked, content, outputTokens, stopReason } = guarded(request.body, this.guardrails, () =>
      write(plan, request.body),
    );
    const usage = this.#usage(request, asked ? plan : { ...plan, input: {} }, outputTokens);
    return { content, stopReason, usage };
  }

  async #whole(request: BedrockRequest, plan: Plan, response: ServerResponse): Promise<void> {
    await unlessGone(response, plan.until);
    const { content, usage, stopReason } = this.#written(request, plan);
    request.status = 200;
    response.writeHead(200, { ...requestId(), "content-type": "application/json" });
    response.end(
      JSON.stringify({
        metrics: { latencyMs: Date.now() - request.arrived },
        output: { message: { role: "assistant", content } },
        stopReason,
        usage,
      }),
    );
  }

  async #stream(request: BedrockRequest, plan: Plan, response: ServerResponse): Promise<void> {
    const { failure, pieces = 4, pieceMs = 0 } = plan;
    const { content, usage, stopReason } = this.#written(request, plan);
    request.status = 200;
    response.writeHead(200, { ...requestId(), "content-type": streamType });
    const send = (type: string, payload: Readonly<Record<string, unknown>>) =>
      // Bedrock pads its events, so that their sizes do not tell the text.
      response.write(event(type, { ...payload, p: "abcdefghijklmnop".slice(0, 1 + (type.length % 15)) }));
    let done = 0;
    for (const { type, payload, piece } of stepsOf(content, pieces)) {
      if (piece && done === failure?.afterPieces) throw new Failed(failure);
      if (piece && done > 0) await unlessGone(response, pause(pieceMs, undefined, { ref: false }));
      send(type, payload);
      if (piece) done += 1;
      if (piece && done === 1) await unlessGone(response, plan.until);
    }
    if (failure) throw new Failed(failure);
    send("messageStop", { stopReason });
    send("metadata", { usage, metrics: { latencyMs: Date.now() - request.arrived } });
    response.end();
  }
}

/** Bedrock's own words, where callers look at them. */
const words: Partial<Record<ErrorName, string>> = {
  ThrottlingException: "Too many requests, please wait before trying again.",
  AccessDeniedException:
    "User is not authorized to perform: bedrock:InvokeModel because no identity-based policy allows it",
  ServiceUnavailableException: "Bedrock is unable to process your request.",
};

const requestId = () => ({ "x-amzn-requestid": randomUUID() });

/** Ends a call that failed as Bedrock does: with a status, or within the stream that has begun. */
function end(response: ServerResponse, thrown: unknown): void {
  if (thrown instanceof Abandoned) return;
  // A plan that throws is the test's fault, and has to be seen in it.
  const unplanned: Failure = { error: "InternalServerException", message: `The stand-in failed: ${String(thrown)}` };
  const { error, message } = thrown instanceof Failed ? thrown.failure : unplanned;
  if (error === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const text = message ?? words[error] ?? `${error} on demand`;
  if (response.headersSent) {
    response.end(exception(error, text));
    return;
  }
  response
    .writeHead(errorStatus[error], {
      ...requestId(),
      "content-type": "application/json",
      "x-amzn-errortype": `${error}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
    })
    .end(JSON.stringify({ message: text }));
}

/** Waits, or throws {@link Abandoned} as soon as the caller has hung up. */
async function unlessGone(response: ServerResponse, wait: Promise<unknown> | undefined): Promise<void> {
  if (wait === undefined) return;
  let gone: () => void = () => undefined;
  const hungUp = new Promise<never>((_, reject) => {
    gone = () => reject(new Abandoned());
    if (response.destroyed) gone();
    response.once("close", gone);
  });
  try {
    await Promise.race([wait, hungUp]);
  } finally {
    response.off("close", gone);
  }
}
