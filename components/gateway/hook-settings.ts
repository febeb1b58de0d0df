import { modelTiers, planModel, type ModelTier } from "../../config";
import { defaultTokens, mostTokens, requestSeconds } from "./bounds";
import type { ConfigurationPlan } from "./litellm-config";

/** Groups that may answer for one that fails, nearest first. The hook offers those that the key's own list has. */
const fallbacks: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  light: ["standard"],
  standard: ["light", "strong"],
  strong: ["standard", "light"],
};

/** The hook's settings (cline_gateway/settings.py) as JSON text. */
export function hookSettings({ context, models: choice, queue }: ConfigurationPlan): string {
  const models = modelTiers.map((tier) => {
    const { model } = planModel(choice, tier);
    const group = {
      defaultMaxTokens: defaultTokens(model),
      maxTokens: mostTokens(model),
      maxInFlight: queue.places[tier],
      fallbacks: fallbacks[tier],
    };
    return [tier, group] as const;
  });
  return JSON.stringify(
    {
      region: context.region,
      models: Object.fromEntries(models),
      maxWaitSeconds: queue.waitSeconds,
      maxRequestSeconds: requestSeconds,
      graceSeconds: queue.outageSeconds,
    },
    null,
    2,
  );
}
