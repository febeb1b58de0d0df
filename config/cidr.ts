/** An IPv4 range: `base` is its first address as an unsigned number, `prefix` the length of its mask. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** Addresses that AWS keeps in every subnet: the first four and the last. */
export const reservedPerSubnet = 5;

/** Reads `10.64.0.0/16`. Undefined when it is no IPv4 range, or when bits stand behind the mask (10.64.0.1/16). */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % cidrSize({ base, prefix }) === 0 ? { base, prefix } : undefined;
}

/** `10.64.0.0/16` of a range. */
export function cidrText({ base, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((bits) => Math.floor(base / 2 ** bits) % 256).join(".")}/${prefix}`;
}

/** Number of addresses. */
export function cidrSize({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** Whether two ranges share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + cidrSize(b) && b.base < a.base + cidrSize(a);
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + cidrSize(inner) <= outer.base + cidrSize(outer);
}

const privateRanges: readonly Cidr[] = [
  { base: 10 * 2 ** 24, prefix: 8 },
  { base: (172 * 256 + 16) * 2 ** 16, prefix: 12 },
  { base: (192 * 256 + 168) * 2 ** 16, prefix: 16 },
];

/** Whether a range lies inside RFC 1918's. */
export function isPrivate(cidr: Cidr): boolean {
  return privateRanges.some((range) => contains(range, cidr));
}

/** Divides a range into `count` equal ranges, as large as possible, in order; the rest at its end stays free. */
export function divide({ base, prefix }: Cidr, count: number): Cidr[] {
  const part = prefix + Math.ceil(Math.log2(count));
  return Array.from({ length: count }, (_, at) => ({ base: base + at * 2 ** (32 - part), prefix: part }));
}
