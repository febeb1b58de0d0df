import assert from "node:assert/strict";
import fc from "fast-check";
import { planStackCost, priceOf, prices, pricesEntered, type StackCost } from "../../../reports";
import { free } from "../../../reports/cost/free";
import { rules, runsOf, type PlannedResource } from "../../../reports/cost/rules";

const chained = (chain: string, name: string, inputs: PlannedResource["inputs"], behind = {}): PlannedResource => ({
  urn: `urn:pulumi:platform::cline::${chain}::${name}`,
  type: chain.split("$").at(-1) ?? "",
  name,
  inputs,
  propertyDependencies: behind,
});

const cost = (resources: readonly PlannedResource[], region = "ap-northeast-1"): StackCost =>
  planStackCost({ region, people: 1, modelBudgetUsd: 100, resources });

const usd = (value: number): number => Math.round(value * 100) / 100;

const subnets = ["a", "b"].map((name) => chained("aws:ec2/subnet:Subnet", name, {}));
const endpoint = (inputs: PlannedResource["inputs"]): PlannedResource =>
  chained("aws:ec2/vpcEndpoint:VpcEndpoint", "kms", inputs, { subnetIds: subnets.map(({ urn }) => urn) });

describe("reports: the estimate of a stack's cost", () => {
  it("prices an interface endpoint by zone, from known subnets and from the ones behind an unknown", () => {
    for (const subnetIds of [["subnet-1", "subnet-2"], "[unknown]"]) {
      const { fixed, unknown } = cost([...subnets, endpoint({ vpcEndpointType: "Interface", subnetIds })]);
      assert.equal(usd(fixed), 20.44);
      assert.deepEqual(unknown, []);
    }
    assert.equal(cost([endpoint({ vpcEndpointType: "Gateway" })]).total, 0);
  });

  it("names an endpoint whose zones it cannot tell, and counts nothing for it", () => {
    const { total, unknown } = cost([endpoint({ vpcEndpointType: "Interface", subnetIds: "[unknown]" })]);
    assert.equal(total, 0);
    assert.deepEqual(unknown, [
      { what: "interface-endpoint", reason: "the plan does not tell how much", names: ["kms"] },
    ]);
  });

  it("names a resource type that has neither a rule nor a reason to be free", () => {
    const { total, unknown } = cost([chained("aws:eks/cluster:Cluster", "k8s", {})]);
    assert.equal(total, 0);
    assert.deepEqual(unknown, [
      { what: "aws:eks/cluster:Cluster", reason: "no rule and no reason to be free", names: ["k8s"] },
    ]);
  });

  it("names a price that its table does not hold, and a region without prices", () => {
    const machine = chained("aws:ec2/instance:Instance", "gpu", { instanceType: "p5.48xlarge" });
    assert.deepEqual(cost([machine]).unknown, [
      { what: "instance-p5.48xlarge", reason: "no price in ap-northeast-1", names: ["gpu"] },
    ]);
    const host = chained("aws:ec2/instance:Instance", "host", { instanceType: "m7g.large" });
    const { total, unknown } = cost([host, chained("aws:kms/key:Key", "key", {})], "sa-east-1");
    assert.equal(total, 1, "a KMS key costs the same everywhere");
    assert.deepEqual(unknown, [{ what: "instance-m7g.large", reason: "no price in sa-east-1", names: ["host"] }]);
  });

  it("says of a region's estimate which prices and which factor it takes", () => {
    const host = chained("aws:ec2/instance:Instance", "host", { instanceType: "m7g.large" });
    const [line] = cost([host], "eu-central-1").lines;
    assert.equal(line?.estimate, "us-east-1 × 1.2");
    assert.equal(usd(line.usd), usd(0.0816 * 1.2 * 730));
    assert.equal("estimate" in (cost([host]).lines[0] ?? {}), false);
  });

  it("takes the region that a resource names itself", () => {
    const host = chained("aws:ec2/instance:Instance", "host", { instanceType: "m7g.large", region: "us-east-1" });
    assert.equal(usd(cost([host]).fixed), usd(0.0816 * 730));
  });

  it("counts a workspace's machine by hours, its volumes by developer, and other machines as fixed", () => {
    const inputs = { instanceType: "t4g.large", rootBlockDevice: { volumeSize: 16 } };
    const chain = "cline:workspace:DeveloperWorkspace$aws:ec2/instance:Instance";
    const workspace = cost([chained(chain, "tanaka", inputs)]);
    assert.equal(workspace.fixed, 0);
    assert.equal(usd(workspace.developers), usd(16 * 0.096));
    assert.equal(usd(workspace.use), usd(174 * 0.0864 + 0.5 * 0.76));
    const host = cost([chained("aws:ec2/instance:Instance", "host", inputs)]);
    assert.equal(usd(host.fixed), usd(730 * 0.0864 + 16 * 0.096));
    assert.equal(host.use + host.developers, 0);
  });

  it("counts an Aurora reader that may rest as nothing, and every other instance at half a unit at least", () => {
    const capacity = (minCapacity: number, ...tiers: (number | undefined)[]): number => {
      const cluster = chained("aws:rds/cluster:Cluster", "c", { serverlessv2ScalingConfiguration: { minCapacity } });
      const instances = tiers.map((promotionTier, at) =>
        chained(
          "aws:rds/clusterInstance:ClusterInstance",
          `i${at}`,
          { instanceClass: "db.serverless", ...(promotionTier !== undefined && { promotionTier }) },
          { clusterIdentifier: [cluster.urn] },
        ),
      );
      const { lines } = cost([cluster, ...instances].reverse());
      return usd(lines.find(({ item }) => item === "aurora-acu")?.usd ?? NaN);
    };
    assert.equal(capacity(0.5, 2, 2), 109.5);
    assert.equal(capacity(2, 2), 219);
    assert.equal(capacity(0, 2), 54.75, "the only instance writes");
    assert.equal(capacity(0, undefined, undefined), 109.5);
    assert.equal(capacity(0, 1, 1), 109.5);
    assert.equal(capacity(0, 2, 2), 54.75);
    assert.equal(capacity(0, 2, 2, 2), 54.75);
  });

  it("counts the tasks that always run by the size of their definition", () => {
    const arm = { cpuArchitecture: "ARM64" };
    const task = chained("aws:ecs/taskDefinition:TaskDefinition", "t", {
      cpu: "2048",
      memory: "4096",
      runtimePlatform: arm,
    });
    const service = chained("aws:ecs/service:Service", "s", { desiredCount: 2 }, { taskDefinition: [task.urn] });
    assert.equal(usd(cost([task, service]).fixed), usd(2 * 730 * (2 * 0.04045 + 4 * 0.00442)));
    assert.deepEqual(
      cost([service]).unknown.map(({ what }) => what),
      ["fargate-x86-vcpu", "fargate-x86-memory"],
    );
  });

  it("counts the runs of a schedule, and refuses to guess another form", () => {
    assert.equal(runsOf("rate(5 minutes)"), 8760);
    assert.equal(runsOf("rate(1 hour)"), 730);
    assert.equal(usd(runsOf("cron(0 7 * * ? *)") ?? 0), usd(730 / 24));
    assert.equal(runsOf("cron(0/5 * * * ? *)"), undefined);
  });

  it("is the sum of its lines, whatever order the resources come in", () => {
    const types = Object.keys(rules);
    const resource = fc.record({ type: fc.constantFrom(...types), name: fc.stringMatching(/^[a-z]{1,8}$/) });
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 30 }), (given) => {
        const resources = given.map(({ type, name }) => chained(type, name, { size: 10, instanceType: "t4g.large" }));
        const forward = cost(resources);
        const backward = cost([...resources].reverse());
        assert.ok(Math.abs(forward.total - backward.total) < 1e-9);
        assert.ok(Math.abs(forward.lines.reduce((sum, line) => sum + line.usd, 0) - forward.total) < 1e-9);
        assert.ok(Math.abs(forward.fixed + forward.developers + forward.use - forward.total) < 1e-9);
      }),
    );
  });
});

describe("reports: the price table", () => {
  it("names AWS's page, a unit and a price above zero for each item", () => {
    for (const [item, { page, unit, usd: regional, everywhere }] of Object.entries(prices)) {
      assert.ok(page.length > 5 && unit.length > 1, item);
      const all = [...Object.values(regional ?? {}), ...(everywhere === undefined ? [] : [everywhere])];
      assert.ok(all.length > 0 && all.every((price) => price !== undefined && price > 0), item);
    }
    assert.match(pricesEntered, /^\d{4}-\d\d-\d\d$/);
  });

  it("has no price for an unknown item", () => {
    assert.equal(priceOf("instance-p5.48xlarge", "us-east-1"), undefined);
  });

  it("says of each resource type either what it costs or why it is free, never both", () => {
    assert.deepEqual(
      Object.keys(rules).filter((type) => type in free),
      [],
    );
  });
});
