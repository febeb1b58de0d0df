import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type pg from "pg";

/** What the driver answers: a value or an error the engine's core knows. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DriverError };

/** An error of PostgreSQL as the driver adapter describes it; other kinds carry other members. */
export interface DriverError {
  readonly kind: string;
  readonly code?: string;
  readonly message?: string;
}

export interface Query {
  readonly sql: string;
  readonly args: unknown[];
}

export interface Queryable {
  readonly provider: string;
  readonly adapterName: string;
  queryRaw(query: Query): Promise<Result<unknown>>;
  executeRaw(query: Query): Promise<Result<number>>;
}

export interface Transaction extends Queryable {
  readonly options: { readonly usePhantomQuery: boolean };
  commit(): Promise<Result<undefined>>;
  rollback(): Promise<Result<undefined>>;
}

export interface DriverAdapter extends Queryable {
  getConnectionInfo(): Result<{ readonly schemaName?: string }>;
  startTransaction(): Promise<Result<Transaction>>;
}

/** A driver adapter whose thrown errors are kept under a number, which the engine's core passes on in its own error. */
export interface CapturingAdapter extends DriverAdapter {
  readonly errorRegistry: { consumeError(id: number): { readonly error: unknown } | undefined };
}

/** Prisma's query engine compiled to WebAssembly. Everything it takes and gives is text in JSON. */
export interface QueryCore {
  connect(trace: string): Promise<void>;
  query(body: string, trace: string, transaction?: string): Promise<string>;
  startTransaction(options: string, trace: string): Promise<string>;
  commitTransaction(id: string, trace: string): Promise<string>;
  rollbackTransaction(id: string, trace: string): Promise<string>;
}

interface CoreModule {
  __wbg_set_wasm(exports: unknown): void;
  QueryEngine: new (options: object, log: (line: string) => void, adapter: CapturingAdapter) => QueryCore;
}

/** As much of WebAssembly as this needs; its types come with those of browsers, which this program does not have. */
interface Assembly {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  };
}

/** A node of a parsed GraphQL document, as far as this engine reads it. */
export interface GraphQLNode {
  readonly kind: string;
  readonly name?: { readonly value: string };
  readonly arguments?: readonly GraphQLNode[];
  readonly selectionSet?: { readonly selections: readonly GraphQLNode[] };
  readonly definitions?: readonly GraphQLNode[];
  readonly fields?: readonly GraphQLNode[];
  /** A value's text, or the value of an argument or of an object's field. */
  readonly value?: string | boolean | GraphQLNode;
  /** Elements of a list. */
  readonly values?: readonly GraphQLNode[];
}

/** Where the packages of tests/gateway/package.json are installed. They are no packages of this repository: it must check without them. */
export function modulesFolder(): string {
  const folder = process.env["GATEWAY_NODE_MODULES"];
  if (folder === undefined || folder === "")
    throw new Error(
      "GATEWAY_NODE_MODULES is not set: run tests/gateway/prisma/install.sh and take the value it prints.",
    );
  return folder;
}

/** Loads one of those packages; the caller says what it expects of it. */
export function load(name: string): unknown {
  return createRequire(path.join(modulesFolder(), "none.js"))(name) as unknown;
}

export const loadPg = (): typeof pg => load("pg") as typeof pg;

export const loadAdapter = (): new (pool: pg.Pool, options: { readonly schema?: string }) => DriverAdapter =>
  (load("@prisma/adapter-pg") as { PrismaPg: ReturnType<typeof loadAdapter> }).PrismaPg;

export const loadBinder = (): ((adapter: DriverAdapter) => CapturingAdapter) =>
  (load("@prisma/driver-adapter-utils") as { bindAdapter: ReturnType<typeof loadBinder> }).bindAdapter;

/** GraphQL's parser alone; the whole package takes four times as long to load. */
export const loadParser = (): ((text: string, options: { noLocation: boolean }) => GraphQLNode) =>
  (load("graphql/language/parser") as { parse: ReturnType<typeof loadParser> }).parse;

/** Makes the query engine for a schema. */
export function makeCore(datamodel: string, adapter: CapturingAdapter): QueryCore {
  const runtime = path.join(modulesFolder(), "@prisma/client/runtime");
  const core = load(path.join(runtime, "query_engine_bg.postgresql.js")) as CoreModule;
  const { WebAssembly } = globalThis as unknown as Assembly;
  const binary = new WebAssembly.Module(readFileSync(path.join(runtime, "query_engine_bg.postgresql.wasm")));
  core.__wbg_set_wasm(new WebAssembly.Instance(binary, { "./query_engine_bg.js": core }).exports);
  const silent = (): undefined => undefined;
  return new core.QueryEngine({ datamodel, logLevel: "error", logQueries: false, env: {} }, silent, adapter);
}
