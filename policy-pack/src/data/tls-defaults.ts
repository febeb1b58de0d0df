/** Whether a database without a parameter group of its own refuses connections without TLS. */
export type TlsDefault = "refuses" | "accepts" | "unknown";

interface Engine {
  /** Matches the provider's name of the engine, and the family of a parameter group. */
  readonly engine: RegExp;
  readonly parameter: string;
  /** The values that demand TLS. */
  readonly values: readonly string[];
  /** The first version whose default demands TLS; undefined where none does. */
  readonly since?: readonly [major: number, minor: number];
  /** AWS's page that states the default. */
  readonly source: string;
}

const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";
const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide";

/** The parameter by which each engine demands TLS, and AWS's default for it. */
export const TLS_DEFAULTS: readonly Engine[] = [
  {
    engine: /^aurora-postgres/,
    parameter: "rds.force_ssl",
    values: ["1"],
    since: [17, 0],
    source: `${AURORA}/AuroraPostgreSQL.Security.html`,
  },
  {
    engine: /^postgres/,
    parameter: "rds.force_ssl",
    values: ["1"],
    since: [15, 0],
    source: `${GUIDE}/PostgreSQL.Concepts.General.SSL.html`,
  },
  {
    engine: /^sqlserver/,
    parameter: "rds.force_ssl",
    values: ["1"],
    source: `${GUIDE}/SQLServer.Concepts.General.SSL.Using.html`,
  },
  {
    engine: /^aurora-mysql|^aurora$/,
    parameter: "require_secure_transport",
    values: ["1", "on"],
    since: [8, 4],
    source: `${AURORA}/AuroraMySQL.Compare-v3-v84.html`,
  },
  {
    engine: /^mysql/,
    parameter: "require_secure_transport",
    values: ["1", "on"],
    since: [9, 7],
    source: `${GUIDE}/mysql-ssl-connections.require-ssl.html`,
  },
  {
    engine: /^mariadb/,
    parameter: "require_secure_transport",
    values: ["1", "on"],
    since: [11, 8],
    source: `${GUIDE}/mariadb-ssl-connections.require-ssl.html`,
  },
  { engine: /db2/, parameter: "db2comm", values: ["ssl"], source: `${GUIDE}/Db2.Concepts.SSL.html` },
];

/** The facts of an engine or of a parameter group's family; undefined where TLS is no parameter. */
export function tlsOf(engine: string): Engine | undefined {
  return TLS_DEFAULTS.find((known) => known.engine.test(engine));
}

/** AWS's default for an engine's version (`8.0.40`, `8.0.mysql_aurora.3.05.2`). */
export function tlsDefault({ since }: Engine, version: string | undefined): TlsDefault {
  if (since === undefined) return "accepts";
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(version ?? "") ?? [];
  if (major === undefined) return "unknown";
  const [wanted, least] = since;
  if (Number(major) !== wanted) return Number(major) > wanted ? "refuses" : "accepts";
  return minor === undefined && least > 0 ? "unknown" : Number(minor ?? 0) >= least ? "refuses" : "accepts";
}
