import assert from "node:assert/strict";
import fc from "fast-check";
import { coversInternet, hasPublic, parseCidr, remainder, union, type Range } from "../../src/net/cidr";

const cidr = (text: string): Range => {
  const range = parseCidr(text);
  assert.ok(range, text);
  return range;
};
/** Small ranges, so that their addresses can be counted one by one. */
const small = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }))
  .map(([first, length]): Range => ({ family: 4, first: BigInt(first), last: BigInt(first + length) }));
const members = (ranges: readonly Range[]): Set<bigint> => {
  const all = new Set<bigint>();
  for (const { first, last } of ranges) for (let address = first; address <= last; address++) all.add(address);
  return all;
};

describe("CIDR blocks", () => {
  it("reads any spelling of the same block", () => {
    for (const text of ["::/0", "0::/0", "::0/0", "0:0:0:0:0:0:0:0/0", "::1/0", "FFFF::/0", "::0.0.0.0/0"])
      assert.deepEqual(cidr(text), cidr("::/0"), text);
    assert.deepEqual(cidr("10.9.8.7/8"), cidr("10.0.0.0/8"));
    assert.deepEqual(cidr("2001:DB8::1/32"), cidr("2001:db8:0::/32"));
    assert.deepEqual(cidr(" 1.2.3.4 "), cidr("1.2.3.4/32"));
    assert.deepEqual(cidr("::ffff:1.2.3.4"), cidr("1.2.3.4"));
  });
  it("refuses what is none", () => {
    for (const text of [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "256.0.0.1",
      "1.2.3.4/33",
      "1.2.3.4/",
      "::/129",
      ":::",
      "1::2::3",
      "12345::",
      "g::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "0.0.0.0/0/0",
      "x/0",
      "1.2.3.-4",
    ]) {
      assert.equal(parseCidr(text), undefined, text);
    }
  });
  it("knows private ranges to their last address, and not one further", () => {
    for (const [inside, outside] of [
      ["10.0.0.0/8", "11.0.0.0/32"],
      ["172.16.0.0/12", "172.32.0.0/32"],
      ["172.31.255.255/32", "172.15.255.255/32"],
      ["192.168.0.0/16", "192.169.0.0/32"],
      ["100.64.0.0/10", "100.128.0.0/32"],
      ["169.254.0.0/16", "169.255.0.0/32"],
      ["127.0.0.1", "128.0.0.1"],
      ["198.18.0.0/15", "198.20.0.0/32"],
      ["fc00::/7", "fe00::/128"],
      ["fe80::/10", "fec0::/128"],
    ] as const) {
      assert.equal(hasPublic(cidr(inside)), false, inside);
      assert.equal(hasPublic(cidr(outside)), true, outside);
    }
    assert.equal(hasPublic(cidr("10.0.0.0/7")), true);
    assert.equal(hasPublic(cidr("203.0.113.0/24")), true);
  });
  it("cuts ranges out of others, address by address", () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 4 }), fc.array(small, { maxLength: 4 }), (ranges, taken) => {
        const expected = members(ranges);
        for (const address of members(taken)) expected.delete(address);
        assert.deepEqual([...members(remainder(ranges, taken))].sort(), [...expected].sort());
      }),
    );
  });
  it("joins ranges, address by address and with gaps between them", () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 5 }), (ranges) => {
        const joined = union(ranges);
        assert.deepEqual([...members(joined)].sort(), [...members(ranges)].sort());
        joined.slice(1).forEach((range, index) => assert.ok(range.first > (joined[index]?.last ?? 0n) + 1n));
      }),
    );
  });
  it("sees the internet in its parts, of one family only", () => {
    const parts = (...texts: string[]) => coversInternet(texts.map(cidr));
    assert.equal(parts("0.0.0.0/0"), true);
    assert.equal(parts("128.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2"), true);
    assert.equal(parts("::/1", "8000::/1"), true);
    assert.equal(parts("0.0.0.0/1", "::/0"), true);
    assert.equal(parts("0.0.0.0/1", "8000::/1"), false);
    assert.equal(parts("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"), false);
    assert.equal(parts(), false);
  });
});
