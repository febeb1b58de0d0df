import { stringify } from "yaml";
import {
  embeddingGroup,
  embeddingModel,
  modelTiers,
  planModel,
  type GatewaySpec,
  type PlannedModel,
  type PlatformSpec,
} from "../../config";
import type { StackContext } from "../kit";
import { keyCacheSeconds, mostTokens, requestSeconds } from "./bounds";
import type { ModelChoice } from "./models";

/** What LiteLLM's configuration and the hook's settings depend on. */
export interface ConfigurationPlan {
  readonly context: Pick<StackContext, "region" | "retentionDays">;
  readonly models: ModelChoice;
  /** Bedrock's quotas of the account by tier: tokens and requests per minute. */
  readonly bedrockQuotas: PlatformSpec["quotas"]["bedrock"];
  /** Queue of requests over the quota: places by tier, seconds. */
  readonly queue: GatewaySpec["queue"];
  /** Routes that the stack file opens. */
  readonly extras: GatewaySpec["extras"];
}

/** US dollars per token. */
export const perToken = (usdPerMillion: number) => Number((usdPerMillion / 1e6).toPrecision(12));

/** One entry of `model_list`: the tier's model with its pinned prices. */
function deployment({ context, bedrockQuotas }: ConfigurationPlan, planned: PlannedModel) {
  const { tier, model, price } = planned;
  const { rpm } = bedrockQuotas[tier];
  return {
    model_name: tier,
    litellm_params: {
      // The bare model, which IAM denies: the hook puts the department's inference profile in as model_id, so nothing goes out without one.
      model: `bedrock/converse/${model.id}`,
      aws_region_name: context.region,
      // How many calls at a time. Under `rpm`, which means the same here, LiteLLM would count every call in Valkey, twice, for nobody to read.
      max_parallel_requests: rpm,
      timeout: requestSeconds,
      stream_timeout: requestSeconds,
    },
    model_info: {
      id: `${tier}-${planned.name}`,
      base_model: model.id,
      mode: "chat",
      // Not among litellm_params: LiteLLM would register them anew with each request, and forget what it knows of all models.
      input_cost_per_token: perToken(price.input),
      output_cost_per_token: perToken(price.output),
      cache_read_input_token_cost: perToken(price.cacheRead),
      cache_creation_input_token_cost: perToken(price.cacheWrite),
      ...(price.cacheWriteHour !== undefined && {
        cache_creation_input_token_cost_above_1hr: perToken(price.cacheWriteHour),
      }),
      // What the hook admits at most: LiteLLM reserves no more than this of a budget while a request runs.
      max_tokens: mostTokens(model),
      max_input_tokens: model.contextWindow,
      max_output_tokens: mostTokens(model),
      supports_function_calling: true,
      supports_prompt_caching: true,
      supports_vision: true,
      // LiteLLM's map lacks it for some models that Bedrock holds to a JSON schema; those would only be asked to keep to one.
      ...(model.structuredOutput && model.id.startsWith("anthropic.") && { supports_native_structured_output: true }),
    },
  };
}

/** The entry of embeddings. A text of a request is one call of InvokeModel, in turn. */
const embeddingDeployment = ({ context }: ConfigurationPlan) => ({
  model_name: embeddingGroup,
  litellm_params: {
    // As a tier's: the bare model, which IAM denies, chooses the shape; the profile is what is called.
    model: `bedrock/${embeddingModel.id}`,
    aws_region_name: context.region,
    timeout: requestSeconds,
  },
  model_info: {
    id: `${embeddingGroup}-${embeddingModel.name}`,
    base_model: embeddingModel.id,
    mode: "embedding",
    input_cost_per_token: perToken(embeddingModel.price),
    output_cost_per_token: 0,
    max_tokens: embeddingModel.contextWindow,
    max_input_tokens: embeddingModel.contextWindow,
  },
});

const fromEnvironment = (name: string) => `os.environ/${name}`;

/** Valkey, as LiteLLM connects to it. */
const redis = {
  host: fromEnvironment("REDIS_HOST"),
  port: fromEnvironment("REDIS_PORT"),
  password: fromEnvironment("REDIS_PASSWORD"),
  ssl: true,
};

const routerSettings = {
  routing_strategy: "simple-shuffle",
  redis_host: redis.host,
  redis_port: redis.port,
  redis_password: redis.password,
  cache_kwargs: { ssl: true },
  timeout: requestSeconds,
  num_retries: 2,
  retry_after: 1,
  // A group has one deployment, which every department calls through its own profile. A cooldown because one department's profile fails would
  // take the model from all others. The hook's queue reacts to Bedrock's throttling.
  disable_cooldowns: true,
  // Counting a prompt's tokens blocks a worker's event loop (405 ms for 1 MB); Bedrock finds a prompt that is too long itself.
  enable_pre_call_checks: false,
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
};

const litellmSettings = {
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
};

const callbackSettings = {
  otel: {
    // Prompt and answer text goes to the collector, which keeps it for the departments that ask for it and drops it for all others.
    capture_message_content: "span_only",
    mapper_names: ["genai", "langfuse"],
    // Otherwise every tool's description and schema is sent a second time under older names.
    legacy_compat: false,
    baggage_team_metadata_keys: ["department", "keepPromptText"],
  },
};

const generalSettings = ({ context }: ConfigurationPlan) => ({
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
  maximum_spend_logs_retention_period: `${String(context.retentionDays["spend-logs"])}d`,
  maximum_spend_logs_retention_interval: "1d",
  disable_master_key_return: true,
});

/** LiteLLM's configuration as an object; {@link litellmConfig} writes it as text. Secrets are references to the environment. */
export const planConfig = (plan: ConfigurationPlan) => ({
  model_list: [
    ...modelTiers.map((tier) => deployment(plan, planModel(plan.models, tier))),
    ...(plan.models.embeddings ? [embeddingDeployment(plan)] : []),
  ],
  router_settings: routerSettings,
  litellm_settings: litellmSettings,
  callback_settings: callbackSettings,
  general_settings: generalSettings(plan),
});

/** LiteLLM's config.yaml. The same plan gives the same bytes. */
export function litellmConfig(plan: ConfigurationPlan): string {
  const text = stringify(planConfig(plan), { aliasDuplicateObjects: false, lineWidth: 0 });
  // PyYAML reads YAML 1.1, where `4e-7` is text and only `4.0e-7` a number.
  return text.replaceAll(/: (\d+)(e-\d+)$/gm, ": $1.0$2");
}
