import { judgedStack } from "../../cli/judged";
import type { PolicyPack } from "../../offline/pack-client";
import type { DeployedStack } from "./deployed";

/** A mandatory policy that a resource violates. */
export interface Refusal {
  readonly policy: string;
  /** The resource's logical name. */
  readonly name: string;
  readonly message: string;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/**
 * Mandatory violations of a stack, with the platform's MFA mode and otherwise the pack's own
 * settings.
 */
export async function refusals(
  { spec, resources }: DeployedStack,
  pack: PolicyPack,
  deployed: boolean,
): Promise<Refusal[]> {
  const { violations } = await judgedStack(
    {
      stack: spec.stack,
      resources: resources.map(({ raw }) => raw),
      outputs: {},
      notes: [],
      region: spec.region,
      mfaMode: spec.platform.mfaMode,
    },
    pack,
    {},
    deployed,
  );
  return violations
    .filter(({ level }) => level === "mandatory")
    .map(({ policy, urn, message }) => ({ policy, name: nameOf(urn), message }));
}
