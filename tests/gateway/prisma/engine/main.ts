import { readFileSync } from "node:fs";
import { Answers } from "./answers";
import { makeAdapter, openPool } from "./database";
import { describeFault } from "./errors";
import { Translator } from "./graphql";
import { makeCore } from "./packages";
import { release } from "./release";
import { readModels } from "./schema";
import { serve } from "./server";
import { readSettings, type DatabaseSettings } from "./settings";

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--version")) {
    console.log(`query-engine ${release}`);
    return;
  }
  // LiteLLM knows its engines by this name and ends those whose worker died.
  process.title = "query-engine";
  endWithParent();
  const schema = readFileSync(setting("PRISMA_DML_PATH"), "utf8");
  const settings = readSettings(databaseUrl());
  const pool = await openPool(settings).catch((error: unknown) => giveUp(error, settings));
  const adapter = makeAdapter(pool, settings);
  const core = makeCore(schema, adapter);
  await core.connect("{}");
  serve(portOf(args), core, new Translator(readModels(schema)), new Answers(adapter, settings));
}

/** prisma-client-py interrupts its engine, unless it is killed itself. */
function endWithParent(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}

/** A client may name another database than its schema does, as `[{"name","url"}]`. */
function databaseUrl(): string {
  const [override] = JSON.parse(process.env["OVERWRITE_DATASOURCES"] ?? "[]") as { readonly url?: string }[];
  return override?.url ?? setting("DATABASE_URL");
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set.`);
  return value;
}

function portOf(args: readonly string[]): number {
  const port = Number(args[args.findIndex((arg) => arg === "-p" || arg === "--port") + 1]);
  if (!Number.isInteger(port)) throw new Error("The port is missing: -p PORT.");
  return port;
}

function giveUp(error: unknown, settings: DatabaseSettings): never {
  const { user_facing_error } = describeFault(error, settings);
  console.error(JSON.stringify(user_facing_error));
  process.exit(1);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(String(error));
  process.exit(1);
});
