import assert from "node:assert/strict";
import fc from "fast-check";
import { replaces } from "../../../cli/changes/replaces";
import { keepHomeZones } from "../../../components/network";
import { homeZonesFault } from "../../../components/network/home-zones";
import { homeZones, peopleInNetwork, planSubnets } from "../../../config";
import { runInProcess } from "../../../offline/in-process";
import { planStackDifference, type PlannedStack } from "../../../reports";
import { deployFiles, fixturesDeployed, type DeployedStack } from "../../support/deployed";
import { fixtures, fixtureStacks } from "../../support/project";

/** The fixture's files with another line for the platform's network. */
const withNetwork = (network: string) => {
  const files = fixtureStacks();
  const platform = (files["Pulumi.platform.yaml"] ?? "").replace(/cline:network: .*/, `cline:network: ${network}`);
  return deployFiles({ ...files, "Pulumi.platform.yaml": platform });
};

const planned = ({ spec, resources }: DeployedStack): PlannedStack => ({
  report: {
    stack: spec.stack,
    resources: resources.map(({ urn, type, name, parent, inputs }) => ({ urn, type, name, parent, inputs })),
    outputs: {},
    violations: [],
    passed: {},
  },
  options: new Map(resources.map(({ urn, options }) => [urn, options])),
});

/** Names of resources that a change of the stack files replaces or removes, over all stacks. */
function moved(before: readonly DeployedStack[], after: readonly DeployedStack[]): readonly string[] {
  return before.flatMap((stack) => {
    const now = after.find(({ spec }) => spec.stack === stack.spec.stack);
    const { replaced, removed } = planStackDifference(stack.spec.stack, planned(stack), now && planned(now), replaces);
    return [...replaced, ...removed].map(({ urn }) => urn.split("::").at(-1) ?? urn);
  });
}

describe("a zone that is added to a network", () => {
  it("adds a subnet and moves nobody: no resource of any stack is replaced or removed", async () => {
    const before = await fixturesDeployed();
    const after = await withNetwork("{ cidr: 10.64.0.0/16, zones: 3, addedCidr: 10.66.0.0/17 }");
    assert.deepEqual(moved(before, after), []);
    const added = (after[0]?.resources ?? []).filter(({ name }) => /^network-(added|subnet-apne1-az4)$/.test(name));
    assert.deepEqual(
      added.map(({ inputs }) => inputs["cidrBlock"]),
      ["10.66.0.0/17", "10.66.0.0/17"],
    );
  });

  it("would move people without a range of its own: the same change is refused where people have homes", async () => {
    const lost = moved(await fixturesDeployed(), await withNetwork("{ cidr: 10.64.0.0/16, zones: 3 }"));
    assert.ok(
      lost.includes("network-subnet-apne1-az1") && lost.some((name) => name.endsWith("-instance")),
      String(lost),
    );
    // The home itself stays even then: its zone is the one it was made in.
    assert.ok(!lost.some((name) => name.endsWith("-home")), String(lost));
  });

  it("leaves the subnets that were there as they are, in any range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 24 }), fc.nat(127), (prefix, second) => {
        const cidr = `10.${second}.0.0/${prefix}`;
        const added = { cidr, zones: 3 as const, addedCidr: `10.${second + 128}.0.0/${prefix}` };
        const before = planSubnets({ cidr, zones: 2 }, "eu-west-1");
        const after = planSubnets(added, "eu-west-1");
        assert.deepEqual(after.slice(0, 2), before);
        assert.equal(after[2]?.cidr, added.addedCidr);
        assert.equal(homeZones(added), 2);
      }),
    );
  });
});

describe("the zones of homes", () => {
  const homes = (zones: number, people = 9) => ({ stack: "platform", homes: { zones }, people: () => people });

  it("are those that the network was made with while people have homes in it", () => {
    const before = { network: { zones: ["a", "c"] } };
    for (const deployed of [{ homeZones: 2 }, before, { ...before, homeZones: 2 }]) {
      assert.equal(homeZonesFault(homes(2), deployed), undefined);
      assert.match(
        homeZonesFault(homes(3), deployed) ?? "",
        /^stacks\/Pulumi\.platform\.yaml {2}cline:network: found 3 .*; allowed 2, .* 9 developers .*addedCidr.*snapshot: docs\/runbooks\.md/,
      );
    }
    assert.match(homeZonesFault(homes(2), { homeZones: 3 }) ?? "", /found 2 zones .*allowed 3/);
  });

  it("may change while nobody has a home, and are new before the first deployment", () => {
    assert.equal(homeZonesFault(homes(3, 0), { homeZones: 2 }), undefined);
    assert.equal(homeZonesFault(homes(3), {}), undefined);
  });

  it("come from the stack's own outputs, before anything is registered", async () => {
    const run = (outputs?: Readonly<Record<string, unknown>>) =>
      runInProcess(() => keepHomeZones(homes(3)), {
        stack: "platform",
        ...(outputs && { references: { "organization/cline/platform": outputs } }),
      });
    await run();
    await run({ homeZones: 3, network: { zones: ["a", "b", "c"] } });
    await assert.rejects(run({ network: { zones: ["a", "c"] } }), /found 3 zones/);
  });

  it("count the people of every department in the network", () => {
    assert.equal(peopleInNetwork(fixtures, "platform"), 9);
    assert.equal(peopleInNetwork(fixtures, "engineering"), 6);
    assert.equal(peopleInNetwork(fixtures, "none"), 0);
  });
});
