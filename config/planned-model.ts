import {
  type CatalogueModel,
  catalogueModel,
  clineModes,
  destinationRegions,
  modelFaults,
  type ModelName,
  type ModelPrice,
} from "./catalogue";
import type { PlatformSpec } from "./model";
import type { ModelTier } from "./terms";

/** The model behind a tier, inside the platform's residency. */
export interface PlannedModel {
  readonly tier: ModelTier;
  readonly mode: "plan" | "act";
  /** Short name in the catalogue. */
  readonly name: ModelName;
  readonly model: CatalogueModel;
  /** System-defined inference profile, e.g. `jp.anthropic.claude-sonnet-5-5`. */
  readonly profileId: string;
  readonly price: ModelPrice;
}

/**
 * The model of a tier on this platform.
 * @throws Error when the model has no profile inside the residency, which the stack file's check
 * has refused before, and when a price of its catalogue entry is missing.
 */
export function planModel(platform: Pick<PlatformSpec, "models" | "residency">, tier: ModelTier): PlannedModel {
  const name = platform.models[tier];
  const model = catalogueModel(name);
  const price = model.prices[platform.residency];
  const faults = modelFaults(name, model);
  if (faults.length > 0) throw new Error(`config/catalogue.ts\n${faults.join("\n")}`);
  if (!price) throw new Error(`${name} has no inference profile inside ${platform.residency}`);
  return { tier, mode: clineModes[tier], name, model, profileId: `${platform.residency}.${model.id}`, price };
}

/** ARNs that a policy must allow to invoke one planned model from `region` through profiles. */
export interface ModelArns {
  /**
   * The system-defined profile; application inference profiles are copies of it with ARNs that AWS
   * decides.
   */
  readonly inferenceProfile: string;
  /**
   * The foundation model in the source region and in every destination. For `global` the
   * region-less ARN comes last: its statement takes `aws:RequestedRegion: unspecified`.
   */
  readonly foundationModels: readonly string[];
}

/** See ModelArns. */
export function modelArns(
  platform: Pick<PlatformSpec, "models" | "residency" | "region" | "accountId">,
  tier: ModelTier,
): ModelArns {
  const { profileId, model } = planModel(platform, tier);
  const { residency, region, accountId } = platform;
  const regions = [...new Set([region, ...destinationRegions(residency)]), ...(residency === "global" ? [""] : [])];
  return {
    inferenceProfile: `arn:aws:bedrock:${region}:${accountId}:inference-profile/${profileId}`,
    foundationModels: regions.map((destination) => `arn:aws:bedrock:${destination}::foundation-model/${model.id}`),
  };
}
