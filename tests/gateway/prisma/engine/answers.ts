import { describeFault, engineError, type EngineError } from "./errors";
import type { CapturingAdapter } from "./packages";
import type { DatabaseSettings } from "./settings";

/** What the engine's core answers to one query. */
interface CoreAnswer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly EngineError[];
  readonly batchResult?: readonly CoreAnswer[];
}

/** What prisma-client-py reads. */
export type Answer =
  | { readonly data: { readonly result: unknown } }
  | { readonly errors: readonly EngineError[] }
  | { readonly batchResult: readonly Answer[] };

/** Turns answers of the engine's core into those of Prisma's HTTP engine. */
export class Answers {
  constructor(
    private readonly adapter: CapturingAdapter,
    private readonly settings: DatabaseSettings,
  ) {}

  /** Of a query or a batch. */
  read(text: string): Answer {
    return this.answer(JSON.parse(text) as CoreAnswer);
  }

  /** Of a transaction's start or end: its members, or the error. */
  transaction(text: string): { readonly id?: string } | { readonly errors: readonly EngineError[] } {
    const answer = JSON.parse(text) as {
      id?: string;
      error_code?: string;
      message?: string;
      meta?: EngineError["user_facing_error"]["meta"];
    };
    if (answer.error_code === undefined) return answer.id === undefined ? {} : { id: answer.id };
    const error = engineError(answer.error_code, answer.message ?? "", answer.meta ?? {});
    return { errors: [this.explain({ ...error, error: error.error.replace(/^Transaction API error: /, "") })] };
  }

  private answer({ data, errors, batchResult }: CoreAnswer): Answer {
    if (batchResult !== undefined) return { batchResult: batchResult.map((answer) => this.answer(answer)) };
    if (errors !== undefined) return { errors: errors.map((error) => this.explain(error)) };
    const [[name, result] = ["", null]] = Object.entries(data ?? {});
    return { data: { result: name === "queryRaw" ? rawRows(result) : untagged(result) } };
  }

  /** The core knows a driver's error only by its number; Prisma's HTTP engine has a code for each kind. */
  private explain(error: EngineError): EngineError {
    const { error_code, meta } = error.user_facing_error;
    if (error_code !== "P2036" || typeof meta?.["id"] !== "number") return error;
    return describeFault(this.adapter.errorRegistry.consumeError(meta["id"])?.error, this.settings);
  }
}

/** Values that JSON has no type for come as a pair of type and text; prisma-client-py knows the types and wants the texts. */
function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== "object" || value === null) return value;
  if ("$type" in value && "value" in value) return value.value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, untagged(inner)]));
}

/** A raw query's answer: a table with a type per column. */
interface Table {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** prisma-client-py reads a raw query's answer as objects whose values carry their type. */
function rawRows(result: unknown): unknown {
  const { columns, types, rows } = result as Table;
  return rows.map((row) =>
    Object.fromEntries(row.map((value, at) => [columns[at] ?? "", typed(types[at] ?? "", value)])),
  );
}

function typed(type: string, value: unknown): unknown {
  const element = /^(.+)-array$/.exec(type)?.[1];
  if (value === null) return { prisma__type: "null", prisma__value: null };
  if (element === undefined || !Array.isArray(value)) return { prisma__type: type, prisma__value: value };
  return { prisma__type: "array", prisma__value: value.map((one: unknown) => typed(element, one)) };
}
