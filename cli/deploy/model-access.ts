import type { StackSpec } from "../../config";
import { modelDoubts } from "../doctor/doubts/account";
import { askAll } from "../doctor/live";
import { siteOf } from "../doctor/site";
import type { Aws } from "./aws";
import type { Problem } from "./problem";

/**
 * Models behind the tiers of a platform that its account may not call, and inference profiles that
 * the region lacks, each by its name. The gateway calls them with the platform's account.
 * @param platforms platforms of the run in the caller's account
 */
export async function modelProblems(platforms: readonly StackSpec[], aws: Aws): Promise<Problem[]> {
  const found = await Promise.all(
    platforms.flatMap((platform) => modelDoubts.map((tier) => tierProblems(platform, tier, aws))),
  );
  return found.flat();
}

async function tierProblems(
  platform: StackSpec,
  { tier, model, profile }: (typeof modelDoubts)[number],
  aws: Aws,
): Promise<Problem[]> {
  const { stack, region } = platform;
  const site = siteOf(platform, []);
  const names = new Map([
    [model, site.models[tier]],
    [profile, site.profiles[tier]],
  ]);
  const answers = await askAll([model, profile], site, (args, other) => aws(args, other ?? region));
  return answers
    .filter(({ verdict }) => verdict !== "pass")
    .map(({ doubt, found, verdict }) => ({
      where: `stacks/Pulumi.${stack}.yaml  models.${tier}`,
      found: `${names.get(doubt) ?? tier} in ${region}: ${found}`,
      needed: doubt.pass,
      next:
        verdict === "fail"
          ? "submit the provider's use-case form and accept its terms in the Bedrock console, or choose another model"
          : "take credentials that may ask Bedrock, such as the deployer's; npm run doctor -- --policy prints the permissions",
    }));
}
