import { modelTiers, planModel, type ModelTier } from "../../config";
import { defaultTokens, mostTokens, requestSeconds } from "./bounds";
import type { ConfigSpec } from "./litellm-config";
import { quotas } from "./quotas";

/** Groups that may answer for one that fails, nearest first. The hook offers those that the key's own list has. */
const fallbacks: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  light: ["standard"],
  standard: ["light", "strong"],
  strong: ["standard", "light"],
};

/** The hook's settings (cline_gateway/settings.py) as JSON text. */
export function hookSettings(spec: ConfigSpec): string {
  const models = modelTiers.map((tier) => {
    const { model } = planModel(spec.platform, tier);
    const group = {
      defaultMaxTokens: defaultTokens(model),
      maxTokens: mostTokens(model),
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
