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
 * A network's subnets, one per zone: equal parts of its range, as large as possible, in order.
 * @throws RangeError on an invalid range.
 */
export function planSubnets(network: NetworkSpec, region: string): PlannedSubnet[] {
  const range = parseCidr(network.cidr);
  if (!range) throw new RangeError(`${network.cidr} is no IPv4 range`);
  const parts = divide(range, network.zones);
  return zoneIds(region, network.zones).flatMap((zoneId, at) => {
    const part = parts[at];
    return part ? [{ zoneId, cidr: cidrText(part), usable: cidrSize(part) - reservedPerSubnet }] : [];
  });
}
