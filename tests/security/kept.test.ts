import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import type { StackFiles } from "../../config";
import { deployFiles, fixturesDeployed, type DeployedStack } from "../support/deployed";
import { fixtureStacks } from "../support/project";
import { isRetained, keptData, keyType, orphans, removedBy } from "./kept";
import { variant } from "./variants";

/** The fixture's files with tanaka gone, suzuki under another id, and data-science under another name. */
function renamed(): StackFiles {
  const { "Pulumi.data-science.yaml": science = "", ...files } = fixtureStacks();
  const engineering = parse(files["Pulumi.engineering.yaml"] ?? "") as {
    config: { "cline:department": { developers: Record<string, unknown> } };
  };
  const { developers } = engineering.config["cline:department"];
  const { tanaka: _gone, suzuki, ...others } = developers;
  engineering.config["cline:department"].developers = { ...others, "suzuki-k": suzuki };
  return { ...files, "Pulumi.engineering.yaml": stringify(engineering), "Pulumi.science.yaml": science };
}

const without = (stacks: readonly DeployedStack[], stack: string) => stacks.filter(({ spec }) => spec.stack !== stack);

describe("what stays in the account", () => {
  for (const [name, stacks, removed, least] of [
    [
      "a department",
      fixturesDeployed,
      (all: readonly DeployedStack[]) => removedBy(all, without(all, "engineering")),
      ["tanaka-home"],
    ],
    [
      "the platform and everything on it",
      fixturesDeployed,
      (all: readonly DeployedStack[]) => removedBy(all, []),
      [
        "-database-cluster: final snapshot",
        "keys-ebs",
        "trail-bucket-encryption",
        "session-logs-encryption",
        "clickhouse-data",
      ],
    ],
    [
      "a department that stands alone",
      () => variant("a department that stands alone"),
      (all: readonly DeployedStack[]) => removedBy(all, without(all, "engineering")),
      ["-database-cluster: final snapshot", "tanaka-home"],
    ],
  ] as const)
    it(`keeps its key when ${name} is destroyed`, async () => {
      const before = await stacks();
      const gone = removed(before);
      for (const part of least)
        assert.ok(
          keptData(gone).some(({ what }) => what.includes(part)),
          `${part} stays`,
        );
      assert.deepEqual(orphans(before, gone), []);
    });

  it("keeps its key when a developer leaves, and when a developer or a department is renamed", async () => {
    const before = await fixturesDeployed();
    const gone = removedBy(before, await deployFiles(renamed()));
    const kept = keptData(gone).map(({ what }) => what);
    for (const home of ["tanaka-home", "suzuki-home", "::data-science::"])
      assert.ok(
        kept.some((what) => what.replace("urn:pulumi:", "::").includes(home)),
        home,
      );
    assert.deepEqual(orphans(before, gone), []);
  });

  it("is told from what goes: a key that is not retained orphans its homes, snapshots and evidence", async () => {
    const before = (await fixturesDeployed()).map((stack) => ({
      ...stack,
      resources: stack.resources.map((each) =>
        each.type === keyType ? { ...each, options: { ...each.options, retainOnDelete: false } } : each,
      ),
    }));
    const found = orphans(before, removedBy(before, []));
    for (const each of ["tanaka-home", "final snapshot", "keys-ebs", "trail-bucket-encryption"])
      assert.ok(
        found.some((line) => line.includes(each)),
        each,
      );
    assert.deepEqual(orphans(before, removedBy(before, without(before, "none"))), [], "nothing gone, nothing lost");
  });

  it("is closed, encrypted and expiring: a kept bucket keeps each of its settings", async () => {
    for (const { resources } of await fixturesDeployed()) {
      const buckets = new Set(
        resources.filter(({ type }) => type === "aws:s3/bucket:Bucket").map(({ parent }) => parent),
      );
      const settings = resources.filter(({ type, parent }) => /^aws:s3\/bucket[A-Z]/.test(type) && buckets.has(parent));
      assert.deepEqual(
        settings.filter((each) => !isRetained(each) && !each.type.includes("bucketObject")).map(({ urn }) => urn),
        [],
      );
    }
  });

  it("names its key no longer: aliases go with their stack", async () => {
    for (const { spec, resources } of await fixturesDeployed()) {
      const aliases = resources.filter(({ type }) => type === "aws:kms/alias:Alias");
      assert.ok(aliases.length > 2, spec.stack);
      assert.deepEqual(
        aliases.filter(isRetained).map(({ urn }) => urn),
        [],
      );
    }
  });

  it("can be read: each salt outlives its stack and 30 days of a deletion by hand, as its value does", async () => {
    const all = (await fixturesDeployed()).flatMap(({ resources }) => resources);
    const salts = all.filter((each) => each.type === "aws:secretsmanager/secret:Secret" && isRetained(each));
    assert.deepEqual(salts.map(({ inputs }) => inputs["name"]).sort(), [
      "cline/example/platform/gateway-salt",
      "cline/example/platform/langfuse-encryption",
      "cline/example/platform/langfuse-salt",
    ]);
    const unchanging = all.filter(({ inputs }) => /never changes/.test(String(inputs["description"])));
    assert.deepEqual(unchanging.map(({ urn }) => urn).sort(), salts.map(({ urn }) => urn).sort());
    for (const { inputs, outputs } of salts) {
      assert.equal(inputs["recoveryWindowInDays"], 30);
      const version = all.find((each) => each.inputs["secretId"] === outputs["arn"] && "secretString" in each.inputs);
      assert.ok(version && isRetained(version));
    }
  });

  it("takes no name of the last life: a final snapshot ends in digits of its cluster's own", async () => {
    const all = (await variant("a department that stands alone")).flatMap(({ resources }) => resources);
    const names = all.flatMap(({ type, parent, inputs }) =>
      type === "aws:rds/cluster:Cluster" ? [{ parent, name: String(inputs["finalSnapshotIdentifier"]) }] : [],
    );
    assert.ok(names.length >= 4, String(names.length));
    for (const { parent, name } of names) {
      const life = all.find((each) => each.type === "random:index/randomId:RandomId" && each.parent === parent);
      assert.ok(name.endsWith(`-${String(life?.outputs["hex"])}`), name);
      assert.match(name, /^[a-z](-?[a-z0-9])+-[0-9a-f]{8}$/);
      assert.ok(name.length <= 63, name);
    }
  });

  it("is not replaced for an engine version that AWS raised: no `up` takes it back", async () => {
    const all = (await fixturesDeployed()).flatMap(({ resources }) => resources);
    const pinned = all.filter(({ inputs }) => inputs["engineVersion"] !== undefined);
    assert.deepEqual([...new Set(pinned.map(({ type }) => type))].sort(), [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:rds/cluster:Cluster",
    ]);
    for (const { urn, options } of pinned) assert.ok(options.ignoreChanges.includes("engineVersion"), urn);
  });
});
