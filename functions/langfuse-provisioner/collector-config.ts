/** A department's way from the gateway to its Langfuse project. */
export interface Route {
  readonly department: string;
  readonly publicKey: string;
  readonly secretKey: string;
  /** Whether prompt and answer text may reach Langfuse. */
  readonly keepPromptText: boolean;
}

/** Port of the collector's OTLP/HTTP receiver, and of its health check. */
export const collectorPort = 4318;
const healthPort = 13_133;

/**
 * Span attributes that stay where a department keeps no text: who, which model, how much, how long.
 * An attribute that a later LiteLLM adds is dropped until it is listed here. {@link identity} sets
 * `user.id` and `session.id`.
 */
export const allowedAttributes = [
  "langfuse\\.observation\\.(id|type|model\\.name|usage_details|cost_details|metadata\\.provider)",
  "langfuse\\.trace\\.metadata\\.(team_id|team_alias)",
  "user\\.id",
  "session\\.id",
  "litellm\\.team\\.(id|alias)",
  "litellm\\.api_key\\.hash",
  "litellm\\.metadata\\.user_api_key_(user_id|alias)",
  "litellm\\.(call_id|provider\\.model|request\\.streaming)",
  "litellm\\.cost\\.[a-z_]+",
  "gen_ai\\.(operation\\.name|provider\\.name|conversation\\.id)",
  "gen_ai\\.request\\.(model|max_tokens|temperature|top_p)",
  "gen_ai\\.response\\.(id|model|finish_reasons|time_to_first_chunk)",
  "gen_ai\\.usage\\.[a-z_.]+",
  // OpenTelemetry's older names: what the image's instrumentation of HTTP sends.
  "http\\.(method|status_code|route)",
  "error\\.type",
] as const;

const owner = "litellm.metadata.user_api_key_user_id";
const conversation = "gen_ai.conversation.id";

/**
 * Sets Langfuse's user to the key's owner, and its session to the one that the gateway's hook has
 * checked.
 * LiteLLM sends the caller's own claims under these names; they are deleted.
 */
const identity = [
  'delete_matching_keys(attributes, "^(langfuse\\\\.)?(user|session)\\\\.id$")',
  ...(
    [
      ["user.id", owner],
      ["session.id", conversation],
    ] as const
  ).map(([name, from]) => `set(attributes["${name}"], attributes["${from}"]) where attributes["${from}"] != nil`),
];

/** Set here, from the key's team: what the routing table decides by. */
const departmentAttribute = "cline.department";

/** The team by LiteLLM's own name for it; by Langfuse's only on spans that have no other. */
const department = [
  `delete_key(attributes, "${departmentAttribute}")`,
  ...["langfuse.trace.metadata.team_id", "litellm.team.id"].map(
    (from) => `set(attributes["${departmentAttribute}"], attributes["${from}"]) where attributes["${from}"] != nil`,
  ),
];

const pattern = `^(${allowedAttributes.join("|")})$`;

/** OTTL text: backslashes and quotes as its string literals want them. */
const ottl = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Parts of the configuration that do not depend on the departments. */
const extensions = { health_check: { endpoint: `127.0.0.1:${String(healthPort)}` } };
const receivers = {
  otlp: {
    protocols: {
      http: {
        endpoint: `0.0.0.0:${String(collectorPort)}`,
        // PEM, from the environment that ECS gives the task: a renewed certificate comes with new tasks.
        tls: { cert_pem: "${env:TLS_CERTIFICATE}", key_pem: "${env:TLS_KEY}", min_version: "1.2" },
      },
    },
  },
};
const processors = {
  memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 15 },
  batch: { timeout: "5s", send_batch_size: 512 },
  // LiteLLM traces its own cache and database calls: a dozen spans for each call of a model, which say nothing of a department's use.
  "filter/stores": { error_mode: "propagate", traces: { span: ['attributes["litellm.service.name"] != nil'] } },
  "transform/identity": {
    error_mode: "propagate",
    trace_statements: [{ context: "span", statements: [...identity, ...department] }],
  },
  "filter/text": { error_mode: "propagate", traces: { spanevent: ["true"] } },
  "transform/text": {
    error_mode: "propagate",
    trace_statements: [
      {
        context: "span",
        statements: [`keep_matching_keys(attributes, ${ottl(pattern)})`, 'set(status.message, "")'],
      },
      { context: "resource", statements: ['keep_keys(attributes, ["service.name", "service.version"])'] },
    ],
  },
};

/** First steps of every span, whoever it belongs to. */
const entry = { receivers: ["otlp"], processors: ["memory_limiter", "filter/stores", "transform/identity"] };

/**
 * The OpenTelemetry Collector's configuration: spans go to the project of the department whose key made them, without text unless the department
 * keeps it; spans of an unknown department are dropped. JSON, which is YAML.
 *
 * Without a department there is nothing to route: the routing connector refuses an empty table, so every span is dropped at once.
 * Langfuse's URL, certificates and the collector's own key come from its environment.
 * @throws Error when the departments do not fit into one secret ({@link maxConfigBytes})
 */
export function planCollectorConfig(routes: readonly Route[]): string {
  const sorted = [...routes].sort((a, b) => (a.department < b.department ? -1 : 1));
  const each = <T>(prefix: string, make: (route: Route) => T) =>
    Object.fromEntries(sorted.map((route) => [`${prefix}/${route.department}`, make(route)]));
  const routing = {
    default_pipelines: ["traces/nobody"],
    error_mode: "propagate",
    table: sorted.map(({ department }) => ({
      context: "span",
      condition: `attributes["${departmentAttribute}"] == ${ottl(department)}`,
      pipelines: [`traces/${department}`],
    })),
  };
  const routed = sorted.length > 0;
  const text = JSON.stringify({
    extensions,
    receivers,
    processors,
    ...(routed && { connectors: { routing } }),
    exporters: { nop: {}, ...each("otlp_http", exporter) },
    service: {
      extensions: ["health_check"],
      telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
      pipelines: {
        "traces/in": { ...entry, exporters: [routed ? "routing" : "nop"] },
        ...(routed && { "traces/nobody": { receivers: ["routing"], exporters: ["nop"] } }),
        ...each("traces", ({ department, keepPromptText }) => ({
          receivers: ["routing"],
          processors: [...(keepPromptText ? [] : ["filter/text", "transform/text"]), "batch"],
          exporters: [`otlp_http/${department}`],
        })),
      },
    },
  });
  if (text.length <= maxConfigBytes) return text;
  throw new Error(
    `the collector's configuration for ${String(sorted.length)} departments has ${String(text.length)} bytes, and a secret holds ` +
      `${String(maxConfigBytes)}: give some departments an observability section of their own`,
  );
}

/** What Secrets Manager takes in one secret, in bytes. */
export const maxConfigBytes = 65_536;

/** A department's exporter. Compression, retries for five minutes and a queue of 1,000 batches are the collector's defaults. */
const exporter = ({ publicKey, secretKey }: Route) => ({
  endpoint: "${env:LANGFUSE_URL}/api/public/otel",
  headers: {
    Authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`,
    "x-langfuse-ingestion-version": "4",
  },
  // Langfuse's certificate, by the trace store's own authority and no other.
  tls: { ca_pem: "${env:AUTHORITY}" },
  // ECS gives a task 30 seconds to stop, and a call in flight is waited for.
  timeout: "10s",
});
