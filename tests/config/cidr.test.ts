import assert from "node:assert/strict";
import fc from "fast-check";
import { type Cidr, cidrSize, cidrText, contains, divide, isPrivate, overlaps, parseCidr } from "../../config";
import { addressesPerZone } from "../../config/checks/networks";

const range = (shortest: number, longest: number): fc.Arbitrary<Cidr> =>
  fc.tuple(fc.integer({ min: shortest, max: longest }), fc.nat(2 ** 32 - 1)).map(([prefix, address]) => ({
    prefix,
    base: Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix),
  }));

describe("CIDR ranges", () => {
  it("are read and written back", () => {
    fc.assert(fc.property(range(0, 32), (cidr) => assert.deepEqual(parseCidr(cidrText(cidr)), cidr)));
    assert.deepEqual(parseCidr("10.64.0.0/16"), { base: 0x0a400000, prefix: 16 });
  });

  it("are refused with bits behind the mask, numbers too large, or other text", () => {
    for (const text of [
      "10.64.0.1/16",
      "10.256.0.0/16",
      "10.0.0.0/33",
      "10.0.0/16",
      "010.0.0.0/8",
      "10.0.0.0",
      "::/0",
      "",
      " 10.0.0.0/8",
      "-1.0.0.0/8",
    ]) {
      assert.equal(parseCidr(text), undefined, text);
    }
  });

  it("overlap when they share an address, whichever comes first", () => {
    fc.assert(
      fc.property(range(4, 12), range(4, 12), (a, b) => {
        const shares = a.base <= b.base + cidrSize(b) - 1 && b.base <= a.base + cidrSize(a) - 1;
        assert.equal(overlaps(a, b), shares);
        assert.equal(overlaps(b, a), shares);
        // Aligned ranges nest or are apart.
        assert.equal(shares, contains(a, b) || contains(b, a));
      }),
    );
  });

  it("are private inside RFC 1918 only", () => {
    for (const text of ["10.0.0.0/8", "172.16.0.0/12", "172.31.255.0/24", "192.168.0.0/16"])
      assert(isPrivate(parseCidr(text)!), text);
    for (const text of [
      "8.0.0.0/7",
      "172.32.0.0/16",
      "172.15.0.0/16",
      "192.169.0.0/24",
      "0.0.0.0/0",
      "100.64.0.0/16",
    ]) {
      assert(!isPrivate(parseCidr(text)!), text);
    }
  });

  it("divide into equal parts that are inside, apart and as large as possible", () => {
    fc.assert(
      fc.property(range(16, 24), fc.integer({ min: 1, max: 16 }), (whole, count) => {
        const parts = divide(whole, count);
        assert.equal(parts.length, count);
        parts.forEach((part, at) => {
          assert(contains(whole, part));
          assert.deepEqual(parseCidr(cidrText(part)), part);
          if (at > 0) assert(!overlaps(part, parts[at - 1]!));
        });
        assert(cidrSize(parts[0]!) * 2 * count > cidrSize(whole));
      }),
    );
  });
});

describe("addresses of a zone", () => {
  it("grow with people and tasks, and shrink with zones", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 2, max: 50 }), (people, tasks) => {
        assert(addressesPerZone(people + 1, 2, tasks) >= addressesPerZone(people, 2, tasks));
        assert(addressesPerZone(people, 2, tasks + 1) > addressesPerZone(people, 2, tasks));
        assert(addressesPerZone(people, 3, tasks) <= addressesPerZone(people, 2, tasks));
        assert(addressesPerZone(people, 2, tasks) > people / 2);
      }),
    );
  });

  it("fit 1,000 developers into a /16 and a department of 60 into a /23", () => {
    assert(addressesPerZone(1000, 3, 50) <= 2 ** 14);
    assert(addressesPerZone(60, 2, 8) <= 2 ** 8);
  });
});
