import { cidrSize, cidrText, divide, parseCidr, reservedPerSubnet } from "./cidr";
import type { NetworkSpec } from "./model";

/** One isolated subnet of a stack's own network. */
export interface PlannedSubnet {
  /**
   * Zone id, the same physical place in every account, e.g. `apne1-az4`; zone names differ between
   * accounts.
   */
  readonly zoneId: string;
  readonly cidr: string;
  /** Usable addresses. */
  readonly usable: number;
}

/** Numbers of the zones open to every account, where they are not 1, 2, 3. */
const zoneNumbers: Readonly<Record<string, readonly number[]>> = {
  "ap-northeast-1": [1, 2, 4],
  "ca-central-1": [1, 2, 4],
  "us-east-1": [1, 2, 4],
  "us-west-1": [1, 3],
};

/**
 * AWS's short form of a region, as in zone ids and cache host names: `ap-northeast-1` is `apne1`.
 */
export function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  const short = direction.replace(/north|south|east|west|central/g, (word) => word.charAt(0));
  return `${area}${short}${number}`;
}

/** How many zones of a region are open to every account. */
export function openZones(region: string): number {
  return (zoneNumbers[region] ?? [1, 2, 3]).length;
}

/** Ids of the first `count` zones of a region. @throws RangeError where the region has fewer. */
export function zoneIds(region: string, count: number): string[] {
  const numbers = zoneNumbers[region] ?? [1, 2, 3];
  if (count > numbers.length) throw new RangeError(`${region} has ${numbers.length} zones open to every account`);
  return numbers.slice(0, count).map((number) => `${shortRegion(region)}-az${number}`);
}

/**
 * Number of zones that a network was made with, the first of its zones: homes stand in these for
 * life. A volume cannot change its zone, so a zone that is added later has none.
 */
export const homeZones = ({ zones, addedCidr }: NetworkSpec): number => (addedCidr === undefined ? zones : zones - 1);

/** A network's ranges: the one it was made with, and that of an added zone. */
export const networkRanges = ({ cidr, addedCidr }: NetworkSpec): readonly string[] =>
  addedCidr === undefined ? [cidr] : [cidr, addedCidr];

/**
 * A network's subnets, one per zone, in order. The zones that it was made with have equal parts of
 * its range, as large as possible; an added zone has a range of its own, so that no other changes.
 * @throws RangeError on an invalid range.
 */
export function planSubnets(network: NetworkSpec, region: string): PlannedSubnet[] {
  const read = (text: string) => {
    const range = parseCidr(text);
    if (!range) throw new RangeError(`${text} is no IPv4 range`);
    return range;
  };
  const made = divide(read(network.cidr), homeZones(network));
  const parts = network.addedCidr === undefined ? made : [...made, read(network.addedCidr)];
  return zoneIds(region, network.zones).flatMap((zoneId, at) => {
    const part = parts[at];
    return part ? [{ zoneId, cidr: cidrText(part), usable: cidrSize(part) - reservedPerSubnet }] : [];
  });
}
