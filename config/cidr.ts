import { IPv4 } from "ipaddr.js";

/**
 * An IPv4 range: `base` is its first address as an unsigned number, `prefix` the length of its
 * mask.
 */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** Addresses that AWS reserves in every subnet: the first four and the last. */
export const reservedPerSubnet = 5;

/**
 * Reads `10.64.0.0/16`. Undefined when it is no IPv4 range, or when it has host bits
 * (10.64.0.1/16).
 */
export function parseCidr(text: string): Cidr | undefined {
  if (!IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const [address, prefix] = IPv4.parseCIDR(text);
  if (IPv4.networkAddressFromCIDR(text).toString() !== address.toString()) return undefined;
  return { base: Buffer.from(address.toByteArray()).readUInt32BE(), prefix };
}

const addressOf = (base: number): IPv4 => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(base);
  return new IPv4([...bytes]);
};

/** `10.64.0.0/16` of a range. */
export const cidrText = ({ base, prefix }: Cidr): string => `${addressOf(base).toString()}/${prefix}`;

/** Number of addresses. */
export const cidrSize = ({ prefix }: Cidr): number => 2 ** (32 - prefix);

/** Whether every address of `inner` is in `outer`. */
export const contains = (outer: Cidr, inner: Cidr): boolean =>
  inner.prefix >= outer.prefix && addressOf(inner.base).match(addressOf(outer.base), outer.prefix);

/** Whether two ranges share an address: two ranges are nested or disjoint. */
export const overlaps = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);

/** Whether a range is inside RFC 1918's. */
export function isPrivate(cidr: Cidr): boolean {
  const last = cidr.base + cidrSize(cidr) - 1;
  return [cidr.base, last].every((address) => addressOf(address).range() === "private");
}

/**
 * Divides a range into `count` equal ranges, as large as possible, in order; the rest at its end
 * remains free.
 */
export function divide({ base, prefix }: Cidr, count: number): Cidr[] {
  const part = prefix + Math.ceil(Math.log2(count));
  return Array.from({ length: count }, (_, at) => ({ base: base + at * 2 ** (32 - part), prefix: part }));
}
