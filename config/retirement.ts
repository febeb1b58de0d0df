import { catalogueModel, lifecycleSource, type ModelLifecycle, tierFallbacks } from "./catalogue";
import { embeddingModel } from "./embeddings";
import type { PlatformSpec } from "./model";
import { embeddingGroup, modelTiers, type GatewayExtra } from "./terms";

const noteDays = 60;

/**
 * First day on which a model may be gone from Bedrock, as an ISO date: the announced end of life, or the earliest that AWS could still
 * announce to somebody who last looked on the date of `lifecycleSource`.
 */
export function earliestEnd({ noSoonerThan, endOfLife }: ModelLifecycle): string {
  if (endOfLife !== undefined) return endOfLife;
  const noticed = new Date(`${lifecycleSource.date}T00:00:00Z`);
  noticed.setUTCMonth(noticed.getUTCMonth() + lifecycleSource.noticeMonths);
  const afterNotice = noticed.toISOString().slice(0, 10);
  return noSoonerThan > afterNotice ? noSoonerThan : afterNotice;
}

/**
 * Notes on tiers whose model ends, or may end, within 60 days, and on the model of embeddings where the gateway opens them.
 * @param today ISO date (UTC)
 */
export function retirementNotes(
  { models, stack }: Pick<PlatformSpec, "models" | "stack">,
  today: string,
  extras: readonly GatewayExtra[],
): string[] {
  const until = new Date(Date.parse(today) + noteDays * 86_400_000).toISOString().slice(0, 10);
  const tiers = modelTiers.flatMap((tier) => {
    const { name, lifecycle } = catalogueModel(models[tier]);
    const end = earliestEnd(lifecycle);
    if (end > until) return [];
    const fallbacks = tierFallbacks[tier].map((other) => `${other} (${catalogueModel(models[other]).name})`);
    const answers = `${fallbacks.join(", then ")} answers for ${tier} where a key has it`;
    const choose = `Choose another model in models.${tier} of stacks/Pulumi.${stack}.yaml`;
    return [
      lifecycle.endOfLife === undefined
        ? `AWS may end ${name} (${tier}) from ${end} on: read its model card on Bedrock and renew lifecycleSource. When it ends, ${answers}.`
        : `Bedrock ends ${name} (${tier}) on ${end}: ${answers} from then on. ${choose}.`,
    ];
  });
  return extras.includes("embeddings") ? [...tiers, ...embeddingNotes(until)] : tiers;
}

function embeddingNotes(until: string): string[] {
  const { title, lifecycle } = embeddingModel;
  const end = earliestEnd(lifecycle);
  if (end > until) return [];
  const after = "No other model answers for it: its vectors cannot be compared with another's.";
  return [
    lifecycle.endOfLife === undefined
      ? `AWS may end ${title} (${embeddingGroup}) from ${end} on: read its model card on Bedrock and renew lifecycleSource. ${after}`
      : `Bedrock ends ${title} (${embeddingGroup}) on ${end}. ${after}`,
  ];
}
