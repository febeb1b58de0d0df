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
 * What a span may say of a department that keeps no text: who, which model, how much, how long. A list of what is allowed, so that an attribute
 * that a later LiteLLM adds is dropped until somebody has looked at it. `user.id` and `session.id` are the collector's own ({@link identity}).
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
 * Langfuse's user is the key's owner and its session the one that the gateway's hook has checked. What LiteLLM sends under their names is whatever
 * the caller said.
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

const pattern = `^(${allowedAttributes.join("|")})$`;

/** OTTL text: backslashes and quotes as its string literals want them. */
const ottl = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/**
 * The OpenTelemetry Collector's configuration: spans go to the project of the department whose key made them, without text unless the department
 * keeps it; spans of nobody known go nowhere. JSON, which is YAML.
 * @param langfuseUrl base URL of Langfuse's web service inside the network.
 */
export function planCollectorConfig(routes: readonly Route[], langfuseUrl: string): string {
  const sorted = [...routes].sort((a, b) => (a.department < b.department ? -1 : 1));
  const basic = ({ publicKey, secretKey }: Route) => Buffer.from(`${publicKey}:${secretKey}`).toString("base64");
  const own = <T>(make: (route: Route) => T, prefix: string) =>
    Object.fromEntries(sorted.map((route) => [`${prefix}/${route.department}`, make(route)]));
  return JSON.stringify({
    extensions: { health_check: { endpoint: `0.0.0.0:${String(healthPort)}` } },
    receivers: { otlp: { protocols: { http: { endpoint: `0.0.0.0:${String(collectorPort)}` } } } },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 15 },
      batch: { timeout: "5s", send_batch_size: 512 },
      // LiteLLM's own calls of its cache and database: a dozen spans for each of the model's, and none says anything of a department's use.
      "filter/stores": { error_mode: "propagate", traces: { span: ['attributes["litellm.service.name"] != nil'] } },
      "transform/identity": {
        error_mode: "propagate",
        trace_statements: [{ context: "span", statements: identity }],
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
    },
    connectors: {
      routing: {
        default_pipelines: ["traces/nobody"],
        error_mode: "propagate",
        table: sorted.map(({ department }) => ({
          context: "span",
          condition: ["litellm.team.id", "langfuse.trace.metadata.team_id"]
            .map((attribute) => `attributes[${ottl(attribute)}] == ${ottl(department)}`)
            .join(" or "),
          pipelines: [`traces/${department}`],
        })),
      },
    },
    exporters: {
      nop: {},
      ...own(
        (route) => ({
          endpoint: `${langfuseUrl}/api/public/otel`,
          headers: { Authorization: `Basic ${basic(route)}`, "x-langfuse-ingestion-version": "4" },
          compression: "gzip",
          retry_on_failure: { enabled: true, max_elapsed_time: "300s" },
          sending_queue: { enabled: true, queue_size: 2000 },
        }),
        "otlphttp",
      ),
    },
    service: {
      extensions: ["health_check"],
      telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
      pipelines: {
        "traces/in": {
          receivers: ["otlp"],
          processors: ["memory_limiter", "filter/stores", "transform/identity"],
          exporters: ["routing"],
        },
        "traces/nobody": { receivers: ["routing"], exporters: ["nop"] },
        ...own(
          ({ department, keepPromptText }) => ({
            receivers: ["routing"],
            processors: [...(keepPromptText ? [] : ["filter/text", "transform/text"]), "batch"],
            exporters: [`otlphttp/${department}`],
          }),
          "traces",
        ),
      },
    },
  });
}
