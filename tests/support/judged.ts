import { judgedStack } from "../../cli/judged";
import { packSettings } from "../../cli/policy-config";
import type { PolicyPack } from "../../offline/pack-client";
import type { StackReport } from "../../reports";
import type { DeployedStack } from "./deployed";

/** A mandatory policy that a resource violates. */
export interface Refusal {
  readonly policy: string;
  /** The resource's logical name. */
  readonly name: string;
  readonly message: string;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A stack's report, with the settings of its stack file and otherwise the pack's own settings. */
export function judgedFixture(
  { spec, resources }: DeployedStack,
  pack: PolicyPack,
  deployed: boolean,
): Promise<StackReport> {
  return judgedStack(
    {
      stack: spec.stack,
      resources: resources.map(({ raw }) => raw),
      outputs: {},
      notes: [],
      region: spec.region,
      settings: packSettings(spec),
    },
    pack,
    {},
    deployed,
  );
}

/** Mandatory violations of a stack. */
export async function refusals(stack: DeployedStack, pack: PolicyPack, deployed: boolean): Promise<Refusal[]> {
  const { violations } = await judgedFixture(stack, pack, deployed);
  return violations
    .filter(({ level }) => level === "mandatory")
    .map(({ policy, urn, message }) => ({ policy, name: nameOf(urn), message }));
}
