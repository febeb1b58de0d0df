import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Certificates } from "../../support/certificates";
import { Postgres } from "../../support/postgres";
import { engineEnvironment } from "../environment";
import { generateClient } from "../generate";
import { Python } from "./python";

/** The schema that has one of everything. */
export const schema = path.join(__dirname, "schema.prisma");

const database = "conformance";

let clients: string | undefined;
process.on("exit", () => {
  if (clients !== undefined) rmSync(clients, { recursive: true, force: true });
});

/** A folder with the Python package `generated`, the client of {@link schema}; made once in a run. */
function generated(): string {
  if (clients === undefined) {
    clients = mkdtempSync(path.join(tmpdir(), "cline-prisma-"));
    generateClient(schema, path.join(clients, "generated"));
  }
  return clients;
}

/** A PostgreSQL with the tables of {@link schema}, and the Python client of it. */
export class Bench {
  private readonly pythons: Python[] = [];

  private constructor(
    readonly postgres: Postgres,
    private readonly folder: string,
  ) {}

  static async start(certificates?: Certificates): Promise<Bench> {
    const folder = generated();
    const bench = new Bench(await Postgres.start(certificates), folder);
    await bench.postgres.createDatabase(database);
    const tables = ["--no-psqlrc", "--quiet", "--dbname", bench.url(), "--file", path.join(__dirname, "schema.sql")];
    execFileSync("psql", tables);
    return bench;
  }

  /** The database's URL, with Prisma's parameters as given. */
  url(parameters: Readonly<Record<string, string>> = {}): string {
    const url = new URL(this.postgres.url(database));
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  sql(statements: string): string {
    return this.postgres.sql(database, statements);
  }

  /** The environment in which the client finds engine and database. */
  environment(url = this.url()): NodeJS.ProcessEnv {
    return { ...engineEnvironment(), HOME: this.folder, DATABASE_URL: url };
  }

  /** A Python process with a client that is connected. */
  async connect(url?: string): Promise<Python> {
    const python = this.python(url);
    await python.value("await db.connect()");
    return python;
  }

  /** A Python process with a client. */
  python(url?: string): Python {
    const python = new Python(this.folder, "generated", this.environment(url));
    this.pythons.push(python);
    return python;
  }

  async stop(): Promise<void> {
    await Promise.all(this.pythons.map((python) => python.end()));
    await this.postgres.stop();
  }
}
