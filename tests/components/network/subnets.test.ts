import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cidrSize,
  contains,
  overlaps,
  parseCidr,
  planSubnets,
  reservedPerSubnet,
  shortRegion,
  sourceRegions,
  zoneIds,
} from "../../../config";

const networks = fc
  .record({
    prefix: fc.integer({ min: 16, max: 24 }),
    third: fc.nat(255),
    second: fc.nat(255),
    zones: fc.constantFrom(2, 3),
  })
  .map(({ prefix, second, third, zones }) => {
    const masked = prefix === 16 ? 0 : third - (third % 2 ** (24 - prefix));
    return { cidr: `10.${second}.${masked}.0/${prefix}`, zones };
  });

describe("planSubnets", () => {
  it("gives equal parts that lie inside the range and apart from each other", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const range = parseCidr(network.cidr)!;
        const subnets = planSubnets(network, "ap-northeast-1");
        const ranges = subnets.map(({ cidr }) => parseCidr(cidr)!);
        assert.equal(subnets.length, network.zones);
        ranges.forEach((one, at) => {
          assert.ok(contains(range, one));
          assert.ok(ranges.every((other, also) => also === at || !overlaps(one, other)));
          assert.equal(subnets[at]!.usable, cidrSize(one) - reservedPerSubnet);
          assert.equal(cidrSize(one), cidrSize(ranges[0]!));
        });
        // As large as possible: one part more of this size would not fit twice over.
        assert.ok(ranges.reduce((sum, one) => sum + cidrSize(one), 0) > cidrSize(range) / 2);
      }),
    );
  });

  it("puts every subnet into a zone of its own, in every region a platform can stand in", () => {
    for (const region of sourceRegions("global")) {
      const ids = zoneIds(region, region === "us-west-1" ? 2 : 3);
      assert.equal(new Set(ids).size, ids.length);
      for (const id of ids) assert.match(id, new RegExp(`^${shortRegion(region)}-az[1-6]$`));
    }
    assert.deepEqual(zoneIds("ap-northeast-1", 3), ["apne1-az1", "apne1-az2", "apne1-az4"]);
  });

  it("refuses more zones than a region has, and a range that is none", () => {
    assert.throws(() => zoneIds("us-west-1", 3), /us-west-1 has 2 zones/);
    assert.throws(() => planSubnets({ cidr: "10.0.0.1/16", zones: 2 }, "us-east-1"), /no IPv4 range/);
  });

  it("shortens regions as AWS does", () => {
    assert.deepEqual(
      ["ap-northeast-1", "ap-southeast-2", "us-east-1", "eu-central-1", "ca-central-1", "ap-south-1"].map(shortRegion),
      ["apne1", "apse2", "use1", "euc1", "cac1", "aps1"],
    );
  });
});
