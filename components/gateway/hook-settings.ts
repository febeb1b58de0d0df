import { modelTiers, planModel, type ModelTier } from "../../spec";
import { requestSeconds, type ConfigSpec } from "./litellm-config";
import { quotas } from "./quotas";

/** Output tokens of a request that names none; Cline names its own. Every one is reserved from the budget while the request runs. */
const defaultMaxTokens = 8192;

/** The most output tokens of one request: what Cline asks for at most. */
const mostMaxTokens = 38_400;

/** Groups that may answer for one that fails, nearest first. The hook offers those that the key's own list has. */
const fallbacks: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  light: ["standard"],
  standard: ["light", "strong"],
  strong: ["standard", "light"],
};

/** The hook's settings (cline_gateway/settings.py) as JSON text. */
export function hookSettings(spec: ConfigSpec): string {
  const models = modelTiers.map((tier) => {
    const { maxOutput } = planModel(spec.platform, tier).model;
    const group = {
      defaultMaxTokens: Math.min(defaultMaxTokens, maxOutput),
      maxTokens: Math.min(mostMaxTokens, maxOutput),
      maxInFlight: quotas[tier].inFlight,
      fallbacks: fallbacks[tier],
    };
    return [tier, group] as const;
  });
  return JSON.stringify(
    {
      region: spec.region,
      models: Object.fromEntries(models),
      maxWaitSeconds: 60,
      maxRequestSeconds: requestSeconds,
      graceSeconds: 60,
    },
    null,
    2,
  );
}
