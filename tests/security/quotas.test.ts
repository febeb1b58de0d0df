import assert from "node:assert/strict";
import { deployFiles, fixturesDeployed, type DeployedStack } from "../support/deployed";
import { filesOf, largestConfigs } from "../support/stack-files";
import { mostTaken, quotas, region, takenOf, uncounted, type Quota } from "./quotas";
import { byAccount, variant, variants } from "./variants";

type Resource = DeployedStack["resources"][number];

/** What an account's resources take above AWS's defaults, but for what the preview counts. */
const above = (resources: readonly Resource[]): readonly string[] =>
  quotas.flatMap((quota) => {
    const taken = mostTaken(quota, resources);
    return quota.key === undefined && taken > quota.most ? [`${quota.what}: ${taken} of ${quota.most}`] : [];
  });

const resourcesOf = (stacks: readonly DeployedStack[]) => stacks.flatMap(({ resources }) => resources);

describe("the quotas of a new account, over all resources of an account", () => {
  for (const [name, stacks] of [
    ["the usual stacks", fixturesDeployed],
    ...variants.map((each) => [each, () => variant(each)] as const),
  ] as const) {
    it(`are enough: ${name}`, async () => {
      for (const account of byAccount(await stacks())) assert.deepEqual(above(resourcesOf(account)), []);
    });

    it(`of addresses that the internet reaches are not touched: ${name}`, async () => {
      const open = resourcesOf(await stacks()).filter(({ type }) => /:(Eip|NatGateway|InternetGateway)$/.test(type));
      assert.deepEqual(open, []);
    });
  }

  it("are each counted, and each noticed when it is exceeded by one", async () => {
    const all = await Promise.all([fixturesDeployed(), ...variants.map((each) => variant(each))]);
    const resources = all.flatMap(resourcesOf);
    for (const quota of quotas) {
      const one = resources.find((resource) => quota.takes(resource).some(([, amount]) => amount > 0));
      assert.ok(one, `${quota.what}: nothing counts`);
      const each = Math.max(...quota.takes(one).map(([, amount]) => amount));
      const enough = Array<Resource>(Math.floor(quota.most / each)).fill(one);
      assert.ok(mostTaken(quota, enough) <= quota.most, quota.what);
      assert.ok(mostTaken(quota, [...enough, one]) > quota.most, quota.what);
    }
  });

  it("count every type of AWS resource, or the table says why none does", async () => {
    const all = await Promise.all([fixturesDeployed(), ...variants.map((each) => variant(each))]);
    const resources = all.flatMap(resourcesOf).filter(({ type }) => type.startsWith("aws:"));
    const types = new Set(resources.map(({ type }) => type));
    const counted = new Set(
      resources.filter((one) => quotas.some(({ takes }) => takes(one).length > 0)).map(({ type }) => type),
    );
    assert.deepEqual(
      [...types].filter((type) => counted.has(type) === type in uncounted),
      [],
    );
    assert.deepEqual(
      Object.keys(uncounted).filter((type) => !types.has(type)),
      [],
    );
  });

  it("are exceeded at 60 departments of 50 people by what the preview counts alone", async () => {
    // A department of one developer and one of two say what each department and each developer takes.
    const small = await deployFiles(filesOf(largestConfigs({ departments: 2, developers: (at) => 1 + at })));
    const [platform, one, two] = [undefined, 1, 2].map(
      (people) => small.find(({ spec }) => spec.department?.developers.length === people)?.resources ?? [],
    ) as [readonly Resource[], readonly Resource[], readonly Resource[]];
    const total = (quota: Quota) => {
      const [shared, first, second] = [platform, one, two].map((resources) => mostTaken(quota, resources)) as [
        number,
        number,
        number,
      ];
      const person = second - first;
      return shared + 60 * (first - person) + 3000 * person;
    };
    const exceeded = quotas
      .filter((quota) => [...takenOf(quota, resourcesOf(small)).keys()].every((of) => of === region))
      .filter((quota) => total(quota) > quota.most)
      .map(({ what, key }) => `${what}: ${key ?? "not counted"}`);
    assert.deepEqual(exceeded, [
      "security groups per Region: securityGroups",
      "roles per account: roles",
      "instance profiles per account: instanceProfiles",
      "TiB of gp3 volumes per Region: gp3TiB",
    ]);
  });
});
