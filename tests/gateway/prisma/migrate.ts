import { readdirSync } from "node:fs";
import path from "node:path";
import { runCommand, tail } from "../../engine/support/command";
import { litellmExtras } from "./paths";

/** 97 tables take 7 s on two idle cores. */
const deadlineMs = 180_000;

/**
 * Makes LiteLLM's tables in the database at `url`, a URL that psql understands: each migration of LiteLLM's package in the order of
 * its name, as Prisma's own command would, which needs a native engine.
 */
export async function migrate(url: string): Promise<void> {
  const folder = path.join(litellmExtras(), "migrations");
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(folder, name, "migration.sql"))
    .sort();
  // One session for all, and no transaction around: some migrations hold statements that refuse one.
  const args = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url];
  const result = await runCommand("psql", [...args, ...files.flatMap((file) => ["--file", file])], {
    cwd: folder,
    env: { ...process.env, PGOPTIONS: "-c client_min_messages=error" },
    deadlineMs,
  });
  if (result.code !== 0) throw new Error(`LiteLLM's migrations failed:\n${tail(result)}`);
}
