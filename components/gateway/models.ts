import { modelArns, modelTiers, type PlatformSpec } from "../../config";
import type { StackContext } from "../kit";

/** The model behind each tier, and the residency that requests are processed in. */
export type ModelChoice = Pick<PlatformSpec, "models" | "residency">;

const hasRegion = (arn: string): boolean => !arn.startsWith("arn:aws:bedrock:::");

/** ARNs of the chosen models as policies name them, each once. `unregional` is empty outside the residency `global`. */
export function chosenModels({ region, accountId }: Pick<StackContext, "region" | "accountId">, choice: ModelChoice) {
  const { models, residency } = choice;
  const chosen = modelTiers.map((tier) => modelArns({ models, residency, region, accountId }, tier));
  const foundation = [...new Set(chosen.flatMap(({ foundationModels }) => foundationModels))];
  return {
    profiles: [...new Set(chosen.map(({ inferenceProfile }) => inferenceProfile))],
    regional: foundation.filter(hasRegion),
    unregional: foundation.filter((arn) => !hasRegion(arn)),
  };
}
