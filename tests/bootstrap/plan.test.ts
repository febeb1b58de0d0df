import assert from "node:assert/strict";
import { planTemplate } from "../../bootstrap";
import { passedTo } from "../../bootstrap/deployer";
import { servicesOf, whollyManaged } from "../../bootstrap/services";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { listed } from "../support/resources";
import { everyAccount } from "../security/variants";
import { worldOf } from "../security/world";

/** IAM prefixes of which the deployer may do something, by its policies. */
function services(stacks: readonly DeployedStack[]): ReadonlySet<string> {
  const { policies } = worldOf(stacks).roles.get("example-deployer")!;
  const allowed = policies.flatMap(({ document }) => document.Statement).filter(({ Effect }) => Effect === "Allow");
  return new Set(allowed.flatMap(({ Action }) => listed(Action)).map((action) => action.split(":")[0]!));
}

describe("the deployer's rights follow from the plan", () => {
  it("reach every service of every resource type of every shape of stack, and no other", async () => {
    const needed = new Set<string>();
    for (const stacks of await everyAccount())
      for (const { resources } of stacks)
        for (const { type } of resources) {
          const prefixes = servicesOf(type);
          assert.ok(prefixes, `${type}: say in bootstrap/services.ts which service makes it`);
          for (const prefix of prefixes) needed.add(prefix);
        }
    const held = services(await fixturesDeployed());
    assert.deepEqual(
      [...needed].filter((prefix) => !held.has(prefix)),
      [],
      "a resource that the deployer may not make",
    );
    // servicequotas: the checks before a deployment.
    assert.deepEqual(
      [...held].filter((prefix) => !needed.has(prefix) && prefix !== "servicequotas"),
      [],
      "rights for nothing",
    );
    assert.ok(whollyManaged.every((prefix) => needed.has(prefix)));
  });

  it("pass the program's roles to the services that they trust, and to no other", async () => {
    const trusted = new Set<string>();
    for (const stacks of await everyAccount())
      for (const { trust } of worldOf(stacks).roles.values())
        for (const { Principal } of trust.document.Statement)
          for (const service of listed((Principal as { Service?: string | string[] }).Service ?? []))
            trusted.add(service);
    assert.deepEqual([...passedTo].sort(), [...trusted].sort());
  });

  it("reach every role, policy, bucket, secret, document and function by its name", async () => {
    const organization = /^(example-|\/?(alias\/)?cline\/example\/|SSM-SessionManagerRunShell$)/;
    for (const stacks of await everyAccount())
      for (const { resources } of stacks)
        for (const { type, inputs, name } of resources) {
          const physical = inputs[type.includes("s3/bucket:Bucket") ? "bucket" : "name"];
          if (
            !/iam\/(role|policy|group|instanceProfile):|s3\/bucket:|secretsmanager\/secret:|ssm\/document:/.test(type)
          )
            continue;
          assert.match(String(physical), organization, `${type} ${name}`);
          if (type.includes("iam/")) assert.equal(inputs["path"], "/cline/", name);
        }
  });

  it("work in the regions in which the program has resources", async () => {
    const regions = new Set<unknown>(["ap-northeast-1"]);
    for (const stacks of await everyAccount())
      for (const { resources } of stacks)
        for (const { inputs } of resources) if ("region" in inputs) regions.add(inputs["region"]);
    const spec = (await fixturesDeployed())
      .map((each) => each.spec)
      .find(({ department }) => department === undefined)!;
    const boundary = JSON.stringify(planTemplate(spec, [spec]).Resources["Boundary"]);
    const allowed = /"aws:RequestedRegion":(\[[^\]]*\])/.exec(boundary)?.[1] ?? "[]";
    assert.deepEqual(JSON.parse(allowed), [...regions]);
  });
});
