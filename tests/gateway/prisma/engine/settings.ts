import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { PoolConfig } from "pg";

/** What a database URL says, in Prisma's spelling. */
export interface DatabaseSettings {
  readonly pool: PoolConfig;
  /** `host:port` as Prisma's messages have it. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly schema?: string;
  /** Connections at most. */
  readonly limit: number;
  /** Seconds a query waits for a connection; 0 waits for ever. */
  readonly timeout: number;
  /** True when a server without TLS is accepted too. */
  readonly plainToo: boolean;
}

/** Reads a database URL: credentials, `schema`, `connection_limit`, `pool_timeout`, `application_name`, `options` and the ssl… parameters. */
export function readSettings(databaseUrl: string): DatabaseSettings {
  const url = new URL(databaseUrl);
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new Error("DATABASE_URL is not a postgresql:// address.");
  const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const host = parameter("host") ?? url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? 5432 : Number(url.port);
  const limit = Number(parameter("connection_limit") ?? availableParallelism() * 2 + 1);
  const timeout = Number(parameter("pool_timeout") ?? 10);
  const schema = parameter("schema");
  const { ssl, plainToo } = readTls(parameter);
  return {
    host,
    port,
    server: `${host}:${port}`,
    limit,
    timeout,
    plainToo,
    ...(schema !== undefined && { schema }),
    pool: {
      host,
      port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
      max: limit,
      ssl,
      connectionTimeoutMillis: timeout * 1000,
      // Prisma keeps idle connections, and reads and writes times in UTC whatever the server's zone is.
      idleTimeoutMillis: 0,
      options: ["-c TimeZone=UTC", parameter("options")].filter(Boolean).join(" "),
      application_name: parameter("application_name") ?? "query-engine",
    },
  };
}

/**
 * Prisma knows sslmode disable, prefer (its default, and what it takes any other word for) and require; it checks the server's
 * certificate only with sslaccept=strict, against sslcert where given. sslrootcert is libpq's name for the same file.
 */
function readTls(
  parameter: (name: string) => string | undefined,
): Pick<DatabaseSettings, "plainToo"> & Pick<PoolConfig, "ssl"> {
  const mode = parameter("sslmode");
  if (mode === "disable") return { ssl: false, plainToo: false };
  const authority = parameter("sslcert") ?? parameter("sslrootcert");
  return {
    plainToo: mode !== "require",
    ssl: {
      rejectUnauthorized: parameter("sslaccept") === "strict",
      ...(authority !== undefined && { ca: readFileSync(authority, "utf8") }),
    },
  };
}
