import { readdirSync } from "node:fs";
import path from "node:path";
import { runCommand, tail } from "../../engine/support/command";
import { installed, litellmExtras } from "./paths";

/** 97 tables take 7 s on two idle cores; a new index on five million rows takes minutes. */
const deadlineMs = 1_800_000;

/** Names of the migrations of LiteLLM's package in the folder `extras`, in the order in which they run. */
export const migrationsIn = (extras: string): readonly string[] =>
  readdirSync(path.join(extras, "migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/**
 * Makes LiteLLM's tables in the database at `url`, a URL that psql understands: each migration of LiteLLM's package in the order of
 * its name, as Prisma's own command would, which needs a native engine.
 * @param extras LiteLLM's package of migrations
 * @param done names of the migrations that the database has already
 */
export async function migrate(url: string, extras = litellmExtras(), done: readonly string[] = []): Promise<void> {
  const folder = path.join(extras, "migrations");
  const files = migrationsIn(extras)
    .filter((name) => !done.includes(name))
    .map((name) => path.join(folder, name, "migration.sql"));
  // One session for all, and no transaction around: some migrations hold statements that refuse one.
  const args = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url];
  const result = await runCommand("psql", [...args, ...files.flatMap((file) => ["--file", file])], {
    cwd: folder,
    env: { ...process.env, PGOPTIONS: "-c client_min_messages=error" },
    deadlineMs,
  });
  if (result.code !== 0) throw new Error(`LiteLLM's migrations failed:\n${tail(result)}`);
}

/** Builds the indexes that LiteLLM's migration job builds itself after the migrations: the installed LiteLLM does it, and takes 5 s to load. */
export async function buildIndexes(...urls: readonly string[]): Promise<void> {
  const program =
    "import sys; from litellm_proxy_extras.request_log_indexes import ensure_request_log_indexes as build; " +
    'sys.exit(not all(build(url, "public") for url in sys.argv[1:]))';
  const result = await runCommand(installed("GATEWAY_PYTHON"), ["-c", program, ...urls], {
    cwd: "/",
    env: { PATH: process.env["PATH"], HOME: "/tmp", LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    deadlineMs,
  });
  if (result.code !== 0) throw new Error(`LiteLLM's indexes are not built:\n${tail(result)}`);
}
