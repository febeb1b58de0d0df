import { contextOf } from "../../components/context-of";
import { stackContext, type StackContext } from "../../components/kit/context";
import { modelTiers, planModel, type ModelTier, type StackSpec } from "../../config";

/** An account and region with a platform and one of its departments, as the table's commands name them. */
export interface Site {
  readonly platform: StackContext;
  /** The first department by name; the name `DEPARTMENT` where there is none. */
  readonly department: StackContext;
  /** Id of the foundation model behind each tier, e.g. `anthropic.claude-haiku-4-5-20251001-v1:0`. */
  readonly models: Readonly<Record<ModelTier, string>>;
  /** Id of the inference profile behind each tier, e.g. `jp.anthropic.claude-haiku-4-5-20251001-v1:0`. */
  readonly profiles: Readonly<Record<ModelTier, string>>;
}

/** Words in capitals in place of the account's own values, for the page. */
export const anySite: Site = {
  ...contexts(
    stackContext({ organization: "ORGANIZATION", stack: "PLATFORM", accountId: "ACCOUNT", region: "REGION" }),
    "DEPARTMENT",
  ),
  models: { light: "LIGHT_MODEL", standard: "STANDARD_MODEL", strong: "STRONG_MODEL" },
  profiles: { light: "LIGHT_PROFILE", standard: "STANDARD_PROFILE", strong: "STRONG_PROFILE" },
};

/** The site of a platform. @param specs every stack of the project */
export function siteOf(platform: StackSpec, specs: readonly StackSpec[]): Site {
  const department = specs.find(({ sharedFrom }) => sharedFrom === platform.stack);
  const planned = modelTiers.map((tier) => planModel(platform.platform, tier));
  return {
    ...contexts(contextOf(platform), department?.stack ?? "DEPARTMENT"),
    models: byTier(planned.map(({ tier, model }) => [tier, model.id])),
    profiles: byTier(planned.map(({ tier, profileId }) => [tier, profileId])),
  };
}

function contexts(platform: StackContext, department: string): Pick<Site, "platform" | "department"> {
  return { platform, department: platform.of(department) };
}

const byTier = (entries: readonly (readonly [ModelTier, string])[]) =>
  Object.fromEntries(entries) as Record<ModelTier, string>;
