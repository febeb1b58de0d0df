import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Certificates } from "./certificates";
import { freePort } from "./server";

/** Where the server's programs are; they are not on PATH on Debian. */
const programs = process.env["POSTGRES_PROGRAMS"] ?? "/usr/lib/postgresql/15/bin";

/** PostgreSQL refuses to run as root. */
const unprivileged = "postgres";

const running = new Set<Postgres>();
process.on("exit", () => running.forEach((server) => server.remove()));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/**
 * A PostgreSQL cluster of its own in a temporary folder, on a free loopback port. Everybody on this machine's loopback may connect without a
 * password; with certificates only over TLS. `start` and `stop` end what they start by its process id.
 */
export class Postgres {
  readonly superuser = "postgres";

  private constructor(
    readonly port: number,
    /** Holds the data folder, the socket and the log. */
    readonly folder: string,
    private readonly owner: { readonly uid: number; readonly gid: number } | undefined,
    private readonly tls: boolean,
  ) {}

  /** Makes and starts a cluster; 3 s. */
  static async start(certificates?: Certificates): Promise<Postgres> {
    const folder = mkdtempSync(path.join(tmpdir(), "cline-postgres-"));
    const server = new Postgres(await freePort(), folder, account(), certificates !== undefined);
    running.add(server);
    try {
      server.create(certificates);
      server.boot();
    } catch (error) {
      server.remove();
      throw error;
    }
    return server;
  }

  private get data(): string {
    return path.join(this.folder, "data");
  }

  /** Process id of the server while it runs. */
  get pid(): number | undefined {
    try {
      const pid = Number(readFileSync(path.join(this.data, "postmaster.pid"), "utf8").split("\n")[0]);
      process.kill(pid, 0);
      return pid;
    } catch {
      return undefined;
    }
  }

  /** A database's URL as both psql and Prisma read it. */
  url(database: string, user = this.superuser): string {
    const query = this.tls ? "?sslmode=require" : "";
    return `postgresql://${user}@127.0.0.1:${this.port}/${database}${query}`;
  }

  /** Makes a database that belongs to `user`, and the user where there is none. */
  createDatabase(name: string, user = this.superuser): Promise<void> {
    const role = `DO $$ BEGIN IF to_regrole('"${user}"') IS NULL THEN CREATE ROLE "${user}" LOGIN; END IF; END $$`;
    this.sql("postgres", role);
    this.sql("postgres", `CREATE DATABASE "${name}" OWNER "${user}"`);
    return Promise.resolve();
  }

  /** Path of one of PostgreSQL's own programs. */
  program(name: string): string {
    return path.join(programs, name);
  }

  /** Runs statements as superuser; gives the rows' text, columns separated by `|`. */
  sql(database: string, statements: string): string {
    const args = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"];
    return execFileSync(this.program("psql"), [...args, "--dbname", this.url(database), "--command", statements], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  /** Starts it again on the same port with the same data. */
  boot(): void {
    this.control("start", "--log", path.join(this.folder, "log"));
  }

  /** Stops the server, connections cut, and keeps the data. */
  halt(): void {
    if (this.pid !== undefined) this.control("stop", "--mode", "fast");
  }

  restart(): void {
    this.halt();
    this.boot();
  }

  /** Ends the server as a power cut would: nothing is written, no connection is told. */
  kill(): void {
    const { pid } = this;
    if (pid === undefined) return;
    // With its processes, or they would go on for a moment without it.
    const children = spawnSync("ps", ["--no-headers", "-o", "pid", "--ppid", String(pid)], { encoding: "utf8" });
    for (const one of [pid, ...children.stdout.trim().split(/\s+/).filter(Boolean).map(Number)]) {
      try {
        process.kill(one, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
    // After a power cut no process has that id. Here it may stay, as a process that nobody waited for, and the next start would refuse.
    for (const lock of [path.join(this.data, "postmaster.pid"), path.join(this.folder, `.s.PGSQL.${this.port}.lock`)])
      rmSync(lock, { force: true });
  }

  /** Stops the server for good and removes everything it had. */
  stop(): Promise<void> {
    this.remove();
    return Promise.resolve();
  }

  /** The same, for the end of a process, where nothing can be awaited. */
  remove(): void {
    running.delete(this);
    try {
      if (this.pid !== undefined) this.control("stop", "--mode", "immediate");
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private create(certificates: Certificates | undefined): void {
    if (this.owner) chownSync(this.folder, this.owner.uid, this.owner.gid);
    this.run("initdb", [
      "--pgdata",
      this.data,
      "--username",
      this.superuser,
      "--auth",
      "trust",
      "--no-sync",
      "--encoding",
      "UTF8",
    ]);
    const settings = [
      "listen_addresses = '127.0.0.1'",
      `port = ${this.port}`,
      `unix_socket_directories = '${this.folder}'`,
      // Tests lose nothing when the machine stops.
      "fsync = off",
      "full_page_writes = off",
      "synchronous_commit = off",
      "timezone = 'Asia/Tokyo'",
      ...(certificates === undefined ? [] : this.encrypt(certificates)),
    ];
    writeFileSync(path.join(this.data, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
    const connection = certificates === undefined ? "host" : "hostssl";
    writeFileSync(path.join(this.data, "pg_hba.conf"), `${connection} all all 127.0.0.1/32 trust\n`);
  }

  private encrypt({ certificate, key }: Certificates): string[] {
    const copy = (from: string, name: string): void => {
      const file = path.join(this.data, name);
      copyFileSync(from, file);
      chmodSync(file, 0o600);
      if (this.owner) chownSync(file, this.owner.uid, this.owner.gid);
    };
    copy(certificate, "server.crt");
    copy(key, "server.key");
    return ["ssl = on"];
  }

  private control(action: string, ...args: string[]): void {
    this.run("pg_ctl", [action, "--pgdata", this.data, "--wait", "--timeout", "60", "--silent", ...args]);
  }

  /** Runs one of the server's programs as somebody who is not root. */
  private run(program: string, args: readonly string[]): void {
    const command = [this.program(program), ...args];
    const [file = "", ...rest] = this.owner ? ["runuser", "-u", unprivileged, "--", ...command] : command;
    // The server inherits its output: a pipe would stay open, and this would wait for the server's end.
    const result = spawnSync(file, rest, { cwd: this.folder, stdio: ["ignore", "ignore", "ignore"] });
    if (result.status !== 0) throw new Error(`${program} ${args[0] ?? ""} failed:\n${this.log()}`);
  }

  /** The end of what the server reported. */
  log(): string {
    try {
      return readFileSync(path.join(this.folder, "log"), "utf8").slice(-4000);
    } catch {
      return "(no log)";
    }
  }
}

/** Whom the server runs as where this process is root. */
function account(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const number = (flag: string) => Number(execFileSync("id", [flag, unprivileged], { encoding: "utf8" }));
  return { uid: number("-u"), gid: number("-g") };
}
