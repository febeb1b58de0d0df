/** An inclusive range of addresses of one family; IPv4 fits 32 bits, IPv6 128. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Reads an address or a CIDR block in any spelling AWS takes. IPv6 may be shortened or long, in any
 * letter case, with an IPv4 tail. Host bits may be set (`10.1.2.3/8` is `10.0.0.0/8`). A bare
 * address is a block of one. Undefined when it is neither.
 */
export function parseCidr(text: string): Range | undefined {
  const [, address = "", prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const family = address.includes(":") ? 6 : 4;
  const width = family === 4 ? 32 : 128;
  const value = family === 4 ? parseIpv4(address) : parseIpv6(address);
  const length = prefix === undefined ? width : Number(prefix);
  if (value === undefined || length > width) return undefined;
  const size = 1n << BigInt(width - length);
  const first = (value / size) * size;
  return mapped({ family, first, last: first + size - 1n });
}

/** `::ffff:a.b.c.d` is an IPv4-mapped IPv6 address. */
function mapped(range: Range): Range {
  const base = 0xffff_0000_0000n;
  if (range.family === 6 && range.first >= base && range.last <= base + 0xffff_ffffn) {
    return { family: 4, first: range.first - base, last: range.last - base };
  }
  return range;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  let source = text.toLowerCase();
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source);
  if (tail?.[1] !== undefined && tail[2] !== undefined) {
    const value = parseIpv4(tail[2]);
    if (value === undefined) return undefined;
    source = `${tail[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string | undefined): string[] => (half === undefined || half === "" ? [] : half.split(":"));
  const [left, right] = [groupsOf(halves[0]), groupsOf(halves[1])];
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(halves.length === 1 ? 0 : missing).fill("0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function block(text: string): Range {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`not a CIDR block: ${text}`);
  return range;
}

/**
 * Addresses outside the public internet: RFC 1918, 6598 (shared), 3927 (link-local), 1122 (this
 * host, loopback), 2544 (benchmark), RFC 4193 and similar. It excludes the documentation ranges: in
 * a rule they are placeholders of a real address.
 */
const NOT_PUBLIC: readonly Range[] = [
  "0.0.0.0/32",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "::/127",
  "64:ff9b:1::/48",
  "fc00::/7",
  "fe80::/10",
].map(block);

/** True when at least one address of the range is public. */
export function hasPublic(range: Range): boolean {
  return remainder([range], NOT_PUBLIC).length > 0;
}

/** The parts of some ranges that others do not cover, in order. */
export function remainder(ranges: readonly Range[], taken: readonly Range[]): Range[] {
  return taken.reduce<Range[]>(
    (left, cut) =>
      left.flatMap((range) => {
        if (range.family !== cut.family || cut.last < range.first || cut.first > range.last) return [range];
        const below = cut.first > range.first ? [{ ...range, last: cut.first - 1n }] : [];
        const above = cut.last < range.last ? [{ ...range, first: cut.last + 1n }] : [];
        return [...below, ...above];
      }),
    [...ranges],
  );
}

/** The same addresses as the fewest ranges, sorted, none adjacent to another. */
export function union(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort(
    (a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  const result: Range[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last !== undefined && last.family === range.family && range.first <= last.last + 1n) {
      if (range.last > last.last) result[result.length - 1] = { ...last, last: range.last };
    } else result.push(range);
  }
  return result;
}

/** The widest ranges that name a network: /8 and /32, as in S3's meaning of "public". */
const WIDEST = { 4: 1n << 24n, 6: 1n << 96n } as const;

/** True when the ranges together hold a run of public addresses too wide to be somebody's network. */
export function isBroad(ranges: readonly Range[]): boolean {
  return remainder(union(ranges), NOT_PUBLIC).some(({ family, first, last }) => last - first >= WIDEST[family]);
}

/**
 * True when the ranges together hold the whole of a family: `0.0.0.0/0`, two halves, or any other
 * cover of it.
 */
export function coversInternet(ranges: readonly Range[]): boolean {
  return union(ranges).some(
    (range) => range.first === 0n && range.last === (range.family === 4 ? 0xffff_ffffn : (1n << 128n) - 1n),
  );
}
