/** What takes connections in a network, by who ends its TLS. */
export type Kind =
  "endpoint" | "balancer" | "langfuse" | "litellm" | "collector" | "postgres" | "valkey" | "clickhouse";

interface Row {
  readonly kind: Kind;
  readonly ports: readonly number[];
  readonly listener: string;
  /** Who vouches for its certificate. */
  readonly authority: string;
  /** Who checks that, and by which setting. */
  readonly verified: string;
}

/** Every port that a network opens. A port or a listener that stands in no row is a fault. */
export const ports: readonly Row[] = [
  {
    kind: "endpoint",
    ports: [443],
    listener: "VPC endpoints, S3",
    authority: "the service's own, publicly trusted",
    verified: "every AWS SDK; git",
  },
  {
    kind: "balancer",
    ports: [443],
    listener: "the gateway's load balancer",
    authority: "the gateway's; a public one with a domain",
    verified: "workspaces, functions (`GATEWAY_CA`)",
  },
  {
    kind: "balancer",
    ports: [8443],
    listener: "its listener for management",
    authority: "the same",
    verified: "functions (`GATEWAY_CA`)",
  },
  {
    kind: "langfuse",
    ports: [3443],
    listener: "HAProxy beside Langfuse",
    authority: "the trace store's",
    verified: "collector, provisioner, access node",
  },
  {
    kind: "litellm",
    ports: [4000, 4001],
    listener: "LiteLLM",
    authority: "none: made by each task",
    verified: "nobody, see below",
  },
  {
    kind: "collector",
    ports: [4318],
    listener: "OpenTelemetry Collector",
    authority: "the trace store's",
    verified: "LiteLLM (`OTEL_EXPORTER_OTLP_CERTIFICATE`)",
  },
  {
    kind: "postgres",
    ports: [5432],
    listener: "Aurora PostgreSQL, `rds.force_ssl`",
    authority: "RDS's root of the region",
    verified: "LiteLLM (`verify-full`), Langfuse (`sslaccept=strict`), set-up",
  },
  {
    kind: "valkey",
    ports: [6379],
    listener: "ElastiCache for Valkey",
    authority: "Amazon's, publicly trusted",
    verified: "LiteLLM (`REDIS_SSL`), Langfuse (`REDIS_TLS_…`)",
  },
  {
    kind: "clickhouse",
    ports: [8443, 9440],
    listener: "ClickHouse",
    authority: "the trace store's",
    verified: "Langfuse, HAProxy for its migrations",
  },
];

/** Hops without TLS, or without a verified private authority. The checks name the row that lets a hop pass. */
export const exceptions = {
  loopback: {
    hop: "loopback of one task or host",
    why: "health checks, HAProxy's plain side, the end of a session",
  },
  targets: {
    hop: "load balancer to LiteLLM",
    why: "encrypted, not verified: AWS's load balancers verify no target",
  },
  passThrough: {
    hop: "PrivateLink's load balancer to the gateway's",
    why: "it carries the client's own TLS to the HTTPS listener",
  },
  externalClickHouse: {
    hop: "an external ClickHouse",
    why: "verified by public authorities: the company's own host",
  },
} as const;

/** Hops that AWS makes for every host and task, and that no resource of a plan shows. */
const outsideThePlan = [
  {
    hop: "DNS, time, instance metadata, task credentials",
    why: "link-local: answered by the host itself, by AWS's design",
  },
] as const;

/** Which exception let something pass. */
export type ExceptionName = keyof typeof exceptions;

const line = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** The part of docs/security.md that these tables are. */
export const markdown = (): string =>
  [
    line("port", "listener", "authority", "verified by"),
    line("---", "---", "---", "---"),
    ...ports.map((row) => line(row.ports.join(", "), row.listener, row.authority, row.verified)),
    "",
    line("exception", "reason"),
    line("---", "---"),
    ...[...Object.values(exceptions), ...outsideThePlan].map(({ hop, why }) => line(hop, why)),
  ].join("\n");
