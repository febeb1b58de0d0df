import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { Agent, request as dispatch } from "undici";
import { Loopback } from "./loopback";
import { decodeTraces } from "./otlp-protobuf";

/** An attribute's value; integers as numbers, bytes as base64. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value } | null;
export type Attributes = Readonly<Record<string, Value>>;

/** A span as it arrived, with what came along with its batch. */
export interface ReceivedSpan {
  readonly name: string;
  /** Ids in hexadecimal; the parent's is empty for a root. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** OTLP's number: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  /** OTLP's number: 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message: string };
  readonly scope: string;
  readonly resource: Attributes;
  /** The request's Authorization header; empty without one. */
  readonly authorization: string;
}

interface JsonValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly JsonValue[] };
  readonly kvlistValue?: { readonly values?: readonly JsonAttribute[] };
  readonly bytesValue?: string;
}
interface JsonAttribute {
  readonly key: string;
  readonly value?: JsonValue;
}
interface JsonEvent {
  readonly name?: string;
  readonly attributes?: readonly JsonAttribute[];
}
interface JsonSpan extends JsonEvent {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly kind?: number;
  readonly events?: readonly JsonEvent[];
  readonly status?: { readonly code?: number; readonly message?: string };
}
interface JsonTraces {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly JsonAttribute[] };
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly name?: string };
      readonly spans?: readonly JsonSpan[];
    }[];
  }[];
}

function plain(value: JsonValue = {}): Value {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  if (value.kvlistValue) return record(value.kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}

const record = (attributes: readonly JsonAttribute[] = []): Record<string, Value> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));

function spansOf({ resourceSpans = [] }: JsonTraces, authorization: string): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map((span) => ({
        name: span.name ?? "",
        traceId: span.traceId ?? "",
        spanId: span.spanId ?? "",
        parentSpanId: span.parentSpanId ?? "",
        kind: span.kind ?? 0,
        attributes: record(span.attributes),
        events: (span.events ?? []).map(({ name = "", attributes }) => ({ name, attributes: record(attributes) })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? "" },
        scope: scope?.name ?? "",
        resource: record(resource?.attributes),
        authorization,
      })),
    ),
  );
}

const paths = ["/api/public/otel/v1/traces", "/v1/traces"];

/**
 * An OTLP/HTTP receiver on the loopback, at Langfuse's path and at OpenTelemetry's own: protobuf or JSON, gzip or not. Traces only, and
 * neither times nor links; it keeps what it gets and understands nothing of it.
 */
export class OtlpStandIn extends Loopback {
  /** All spans since the last reset, in order of arrival. */
  readonly spans: ReceivedSpan[] = [];
  /** The HTTP status of an export; whatever it is not 200 for is not kept. */
  status: (authorization: string) => number = () => 200;
  /** Whether an export is left without an answer. */
  hangs: (authorization: string) => boolean = () => false;
  /** Another receiver, by base URL and PEM of its authority, which gets every export as it came. */
  onward: { readonly url: string; readonly ca: string } | undefined;

  protected answerTo(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    if (this.hangs(request.headers.authorization ?? "")) return;
    const json = request.headers["content-type"]?.startsWith("application/json") === true;
    const status = this.#take(request, body, json);
    if (status === 200) void this.#pass(request, body);
    response.writeHead(status, { "content-type": json ? "application/json" : "application/x-protobuf" });
    response.end(json ? "{}" : "");
  }

  reset(): void {
    this.spans.length = 0;
    this.status = () => 200;
    this.hangs = () => false;
    this.onward = undefined;
  }

  /** The first span that `wanted` accepts, waiting up to `ms` for it: exporters send in batches. */
  async span(wanted: (span: ReceivedSpan) => boolean, ms = 10_000): Promise<ReceivedSpan> {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      const found = this.spans.find(wanted);
      if (found) return found;
      await pause(20);
    }
    throw new Error(`No such span in ${ms} ms; there are: ${this.spans.map(({ name }) => name).join(", ")}`);
  }

  async #pass({ headers }: IncomingMessage, body: Buffer): Promise<void> {
    if (this.onward === undefined) return;
    const kept = ["content-type", "content-encoding"].flatMap((name): [string, string][] => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    });
    // Whoever is told waits for its spans, and says so when they do not come.
    const { url, ca } = this.onward;
    const dispatcher = new Agent({ connect: { ca } });
    await dispatch(`${url}/v1/traces`, { method: "POST", headers: Object.fromEntries(kept), body, dispatcher }).catch(
      () => undefined,
    );
    await dispatcher.close();
  }

  #take({ method, url, headers }: IncomingMessage, body: Buffer, json: boolean): number {
    if (method !== "POST" || !paths.includes(url ?? "")) return 404;
    const authorization = headers.authorization ?? "";
    const status = this.status(authorization);
    if (status !== 200) return status;
    try {
      const bytes = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const traces = json ? (JSON.parse(bytes.toString()) as unknown) : decodeTraces(bytes);
      this.spans.push(...spansOf(traces as JsonTraces, authorization));
      return 200;
    } catch {
      return 400;
    }
  }
}
