import {
  embeddingGroup,
  embeddingModel,
  gatewayRoutes,
  modelTiers,
  planModel,
  tierFallbacks,
  type PlannedModel,
} from "../../config";
import { defaultTokens, embeddingLimits, embeddingPlaces, mostTokens, requestLimits, requestSeconds } from "./bounds";
import type { ModelChoice } from "./models";
import { perToken, type ConfigurationPlan } from "./litellm-config";

/** What `/v1/model/info` tells of a tier: in the shape that Cline reads, without ARNs and model ids. */
const modelInfo = ({ tier, model, price }: PlannedModel) => ({
  model_name: tier,
  litellm_params: { model: tier },
  model_info: {
    mode: "chat",
    max_tokens: mostTokens(model),
    max_input_tokens: model.contextWindow,
    max_output_tokens: mostTokens(model),
    input_cost_per_token: perToken(price.input),
    output_cost_per_token: perToken(price.output),
    cache_read_input_token_cost: perToken(price.cacheRead),
    cache_creation_input_token_cost: perToken(price.cacheWrite),
    supports_function_calling: true,
    supports_prompt_caching: true,
    supports_vision: true,
  },
});

/** The model group of embeddings: it writes nothing, and no other answers for it. */
const embedding = {
  embeds: true,
  maxInFlight: embeddingPlaces,
  info: {
    model_name: embeddingGroup,
    litellm_params: { model: embeddingGroup },
    model_info: {
      mode: "embedding",
      max_tokens: embeddingModel.contextWindow,
      max_input_tokens: embeddingModel.contextWindow,
      output_vector_size: embeddingModel.dimensions[0],
      input_cost_per_token: perToken(embeddingModel.price),
      output_cost_per_token: 0,
    },
  },
};

/** `guardrailConfig` of Bedrock's Converse, by department; `default` serves every department not named. */
const guardrailSettings = ({ guardrails }: ModelChoice) =>
  Object.fromEntries(
    Object.entries(guardrails).map(([department, { id, version }]) => [
      department,
      { guardrailIdentifier: id, guardrailVersion: String(version) },
    ]),
  );

/** The hook's settings (cline_gateway/settings.py) as JSON text. */
export function hookSettings({ context, models: choice, queue, extras }: ConfigurationPlan): string {
  const models = modelTiers.map((tier) => {
    const planned = planModel(choice, tier);
    const { model, price } = planned;
    const group = {
      defaultMaxTokens: defaultTokens(model),
      maxTokens: mostTokens(model),
      maxInFlight: queue.places[tier],
      fallbacks: tierFallbacks[tier],
      structuredOutput: model.structuredOutput,
      forcedToolUse: model.forcedToolUse,
      thinkingBudget: model.thinkingBudget,
      cacheHour: price.cacheWriteHour !== undefined,
      info: modelInfo(planned),
    };
    return [tier, group] as const;
  });
  return JSON.stringify(
    {
      region: context.region,
      models: { ...Object.fromEntries(models), ...(choice.embeddings && { [embeddingGroup]: embedding }) },
      maxWaitSeconds: queue.waitSeconds,
      maxRequestSeconds: requestSeconds,
      graceSeconds: queue.outageSeconds,
      guardrails: guardrailSettings(choice),
      edge: {
        routes: gatewayRoutes(extras),
        ...requestLimits,
        ...(choice.embeddings && { embeddings: embeddingLimits }),
      },
    },
    null,
    2,
  );
}
