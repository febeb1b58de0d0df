import { stringify } from "yaml";
import { modelTiers, planModel, type PlannedModel, type StackSpec } from "../../config";
import { keyCacheSeconds, mostTokens, requestSeconds } from "./bounds";

/** What LiteLLM's configuration depends on. */
export type ConfigSpec = Pick<StackSpec, "platform" | "region" | "dataControl" | "gateway">;

const perToken = (usdPerMillion: number) => Number((usdPerMillion / 1e6).toPrecision(12));

/** One entry of `model_list`: the tier's model with its pinned prices. */
function deployment(spec: ConfigSpec, planned: PlannedModel) {
  const { tier, model, price } = planned;
  return {
    model_name: tier,
    litellm_params: {
      // The bare model, which IAM denies: the hook puts the department's inference profile in as model_id, so nothing goes out without one.
      model: `bedrock/converse/${model.id}`,
      aws_region_name: spec.region,
      input_cost_per_token: perToken(price.input),
      output_cost_per_token: perToken(price.output),
      cache_read_input_token_cost: perToken(price.cacheRead),
      cache_creation_input_token_cost: perToken(price.cacheWrite),
      tpm: spec.platform.quotas.bedrock[tier].tpm,
      rpm: spec.platform.quotas.bedrock[tier].rpm,
      timeout: requestSeconds,
      stream_timeout: requestSeconds,
      // Cline sends no cache marks to LiteLLM: the system prompt and the conversation so far are marked here.
      cache_control_injection_points: [
        { location: "message", role: "system" },
        { location: "message", index: -1 },
      ],
    },
    model_info: {
      id: `${tier}-${planned.name}`,
      base_model: model.id,
      mode: "chat",
      // What the hook admits at most: LiteLLM reserves no more than this of a budget while a request runs.
      max_tokens: mostTokens(model),
      max_input_tokens: model.contextWindow,
      max_output_tokens: mostTokens(model),
      supports_function_calling: true,
      supports_prompt_caching: true,
      supports_vision: true,
    },
  };
}

/** Writes LiteLLM's configuration as an object; {@link litellmConfig} as text. Secrets stand in it as references to the environment. */
export function planConfig(spec: ConfigSpec) {
  const fromEnvironment = (name: string) => `os.environ/${name}`;
  const redis = {
    host: fromEnvironment("REDIS_HOST"),
    port: fromEnvironment("REDIS_PORT"),
    password: fromEnvironment("REDIS_PASSWORD"),
    ssl: true,
  };
  return {
    model_list: modelTiers.map((tier) => deployment(spec, planModel(spec.platform, tier))),
    router_settings: {
      routing_strategy: "simple-shuffle",
      redis_host: redis.host,
      redis_port: redis.port,
      redis_password: redis.password,
      cache_kwargs: { ssl: true },
      enable_pre_call_checks: true,
      timeout: requestSeconds,
      num_retries: 2,
      retry_after: 1,
      // A group has one deployment, which every department calls through a profile of its own: resting it because one department's profile fails
      // would take the model from all others. Bedrock's throttling is answered by the hook's queue.
      disable_cooldowns: true,
      retry_policy: {
        BadRequestErrorRetries: 0,
        AuthenticationErrorRetries: 0,
        ContentPolicyViolationErrorRetries: 0,
        // The hook's queue slows down when Bedrock throttles; retries would only take places from it.
        RateLimitErrorRetries: 1,
        TimeoutErrorRetries: 1,
        InternalServerErrorRetries: 2,
      },
      // Fallbacks, for too long a context too, are the hook's: a configured one ignores the key's model list.
    },
    litellm_settings: {
      callbacks: ["cline_gateway.callback.instance", "otel"],
      // No response cache: one person's answer is not another's.
      cache: false,
      request_timeout: requestSeconds,
      drop_params: true,
      json_logs: true,
      set_verbose: false,
      turn_off_message_logging: false,
      budget_exceeded_status_code: 422,
      default_internal_user_params: { max_budget: 0, models: ["no-default-models"] },
    },
    callback_settings: {
      otel: {
        // Prompt and answer text goes to the collector, which lets it through for the departments that keep it and drops it for all others.
        capture_message_content: "span_only",
        mapper_names: ["genai", "langfuse"],
        // Otherwise every tool's description and schema is sent a second time under older names.
        legacy_compat: false,
        baggage_team_metadata_keys: ["department", "keepPromptText"],
      },
    },
    general_settings: {
      master_key: fromEnvironment("LITELLM_MASTER_KEY"),
      // Valkey: limits, budgets and spend over all workers and tasks.
      coordination_redis: redis,
      database_connection_pool_limit: 20,
      database_connection_timeout: 30,
      user_api_key_cache_ttl: keyCacheSeconds,
      // Seconds of spend that are lost with a worker that is killed; budgets, counted in Valkey, lose nothing.
      proxy_batch_write_at: 5,
      // Otherwise the spend of a database outage is lost.
      use_redis_transaction_buffer: true,
      allow_requests_on_db_unavailable: false,
      store_model_in_db: false,
      store_prompts_in_spend_logs: false,
      disable_error_logs: false,
      maximum_spend_logs_retention_period: `${String(spec.dataControl["spend-logs"].retentionDays)}d`,
      maximum_spend_logs_retention_interval: "1d",
      disable_master_key_return: true,
    },
  };
}

/** LiteLLM's config.yaml. The same spec gives the same bytes. */
export function litellmConfig(spec: ConfigSpec): string {
  const text = stringify(planConfig(spec), { aliasDuplicateObjects: false, lineWidth: 0 });
  // PyYAML reads YAML 1.1, where `4e-7` is text and only `4.0e-7` a number.
  return text.replaceAll(/: (\d+)(e-\d+)$/gm, ": $1.0$2");
}
