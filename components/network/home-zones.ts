import * as pulumi from "@pulumi/pulumi";
import type { HomesSpec } from "../../config";

/** Arguments of {@link keepHomeZones}. */
export interface HomeZonesArgs {
  /** The stack with the network. */
  readonly stack: string;
  readonly homes: HomesSpec;
  /** How many developers have homes in the network. */
  readonly people: () => number;
}

/** Outputs of a deployed stack that tell in how many zones its homes stand. */
interface Deployed {
  readonly homeZones?: unknown;
  /** A platform of an earlier version: every zone of its network has homes. */
  readonly network?: unknown;
}

/**
 * The fault of a file that would spread standing homes over other zones; undefined: none. A volume
 * cannot change its zone, and every subnet of the network would be replaced.
 * @param deployed outputs of the stack's last deployment; empty before the first.
 */
export function homeZonesFault({ stack, homes, people }: HomeZonesArgs, deployed: Deployed): string | undefined {
  const zones = zonesOf(deployed);
  if (zones === undefined || zones === homes.zones) return undefined;
  const count = people();
  if (count === 0) return undefined;
  return (
    `stacks/Pulumi.${stack}.yaml  cline:network: found ${homes.zones} zones that share cidr; allowed ${zones}, ` +
    `which the network was made with: homes of ${count} developers stand in them; ` +
    "add a zone by zones: 3 with addedCidr, which moves nobody, or move the homes by snapshot: docs/runbooks.md, section Homes in other zones"
  );
}

function zonesOf({ homeZones, network }: Deployed): number | undefined {
  if (typeof homeZones === "number") return homeZones;
  return (network as { readonly zones?: readonly string[] } | undefined)?.zones?.length;
}

/**
 * Refuses a preview or `up` whose network would move homes, before anything is registered. The last
 * deployment's zones come from the stack's own outputs.
 * @throws RunError
 */
export async function keepHomeZones(args: HomeZonesArgs): Promise<void> {
  const own = new pulumi.StackReference("deployed", {
    name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${args.stack}`,
  });
  const [homeZones, network] = await Promise.all([own.getOutputDetails("homeZones"), own.getOutputDetails("network")]);
  const fault = homeZonesFault(args, { homeZones: homeZones.value, network: network.value });
  if (fault !== undefined) throw new pulumi.RunError(fault);
}
