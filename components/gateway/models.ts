import { embeddingModelArn, modelArns, modelTiers, type PlatformSpec } from "../../config";
import type { StackContext } from "../kit";

/** The model behind each tier, and the residency that requests are processed in. */
export type TierChoice = Pick<PlatformSpec, "models" | "residency">;

/** The model behind each tier, the residency that requests are processed in, the departments' guardrails, and whether there are embeddings. */
export interface ModelChoice extends TierChoice, Pick<PlatformSpec, "guardrails"> {
  readonly embeddings: boolean;
}

/** ARN of the model of embeddings as policies name it, in the gateway's own region; none where they are closed. */
export const embeddingArns = (
  { region }: Pick<StackContext, "region">,
  { embeddings }: ModelChoice,
): readonly string[] => (embeddings ? [embeddingModelArn(region)] : []);

/** ARNs of the guardrails that a gateway applies, each once: they lie in its own account and region. */
export const guardrailArns = ({ arns }: Pick<StackContext, "arns">, { guardrails }: ModelChoice): readonly string[] =>
  [...new Set(Object.values(guardrails).map(({ id }) => arns.regional("bedrock", `guardrail/${id}`)))].sort();

const hasRegion = (arn: string): boolean => !arn.startsWith("arn:aws:bedrock:::");

/** ARNs of the chosen models as policies name them, each once. `unregional` is empty outside the residency `global`. */
export function chosenModels({ region, accountId }: Pick<StackContext, "region" | "accountId">, choice: TierChoice) {
  const { models, residency } = choice;
  const chosen = modelTiers.map((tier) => modelArns({ models, residency, region, accountId }, tier));
  const foundation = [...new Set(chosen.flatMap(({ foundationModels }) => foundationModels))];
  return {
    profiles: [...new Set(chosen.map(({ inferenceProfile }) => inferenceProfile))],
    regional: foundation.filter(hasRegion),
    unregional: foundation.filter((arn) => !hasRegion(arn)),
  };
}
