import { execFileSync } from "node:child_process";
import path from "node:path";
import type { World } from "./world";

const programs = process.env["POSTGRES_PROGRAMS"] ?? "/usr/lib/postgresql/15/bin";

const run = (program: string, args: readonly string[]) =>
  execFileSync(path.join(programs, program), args, { stdio: ["ignore", "ignore", "pipe"] });

/** Takes a backup of LiteLLM's database: pg_dump in place of an Aurora snapshot. @returns its file. */
export function backUp({ postgres, plan, folder }: World): string {
  const file = path.join(folder, `backup-${Date.now()}`);
  run("pg_dump", ["--format", "custom", "--file", file, "--dbname", postgres.url(plan.database.name)]);
  return file;
}

/** Puts a backup in the database's place. Nothing of what was written since remains. */
export async function restore({ postgres, plan }: World, file: string): Promise<void> {
  const { name, user } = plan.database;
  postgres.sql("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
  await postgres.createDatabase(name, user);
  run("pg_restore", ["--exit-on-error", "--dbname", postgres.url(name), file]);
}
