import assert from "node:assert/strict";
import { loadStackFile } from "../../config";
import { deployFiles, type DeployedStack } from "../support/deployed";
import { departmentConfig, fileText, merged, platformConfig } from "../support/specs";

const alone = {
  "aws:region": "ap-northeast-1",
  "cline:sharedFrom": "platform",
  "cline:department": { lead: "kato", developers: { mizuno: { workspace: { size: "xlarge" } } } },
  "cline:network": { cidr: "10.80.0.0/20" },
  "cline:gateway": { maxTasks: 3 },
  "cline:observability": {},
};
const filesWith = (quotas: object) => ({
  "Pulumi.platform.yaml": fileText(merged(platformConfig, { "cline:platform": { quotas } })),
  "Pulumi.engineering.yaml": fileText(departmentConfig),
  "Pulumi.design.yaml": fileText(alone),
});

/** vCPU of the instance types in use (Amazon EC2 instance types). */
const instanceVcpu: Readonly<Record<string, number>> = {
  "t4g.nano": 2,
  "t4g.medium": 2,
  "t4g.large": 2,
  "m7g.xlarge": 4,
  "m7g.2xlarge": 8,
};

/** What the deployed resources ask of the account's quotas. */
function askedBy(stacks: readonly DeployedStack[]) {
  const [tally, seen] = [
    {
      lambdaConcurrency: 0,
      fargateVcpu: 0,
      ec2Vcpu: 0,
      roles: 0,
      instanceProfiles: 0,
      securityGroups: 0,
      // The region's default one.
      vpcs: 1,
      gp3TiB: 0,
      databaseInstances: 0,
    },
    { services: 0, instances: 0 },
  ];
  for (const { resources } of stacks) {
    const definitions = new Map(
      resources
        .filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition")
        .map(({ inputs }) => [String(inputs["family"]), Number(inputs["cpu"]) / 1024]),
    );
    const ceilings = new Map(
      resources
        .filter(({ type }) => type === "aws:appautoscaling/target:Target")
        .map(({ inputs }) => [String(inputs["resourceId"]).split("/")[2], Number(inputs["maxCapacity"])]),
    );
    for (const { type, inputs } of resources) {
      if (type === "aws:lambda/function:Function") {
        assert.equal(inputs["reservedConcurrentExecutions"], undefined, "a new account cannot reserve any");
        tally.lambdaConcurrency++;
      }
      if (type === "aws:ec2/instance:Instance") {
        seen.instances++;
        tally.ec2Vcpu += instanceVcpu[String(inputs["instanceType"])] ?? Number.NaN;
        tally.gp3TiB += (inputs["rootBlockDevice"] as { volumeSize: number }).volumeSize / 1024;
      }
      if (type === "aws:ebs/volume:Volume") tally.gp3TiB += Number(inputs["size"]) / 1024;
      if (type === "aws:iam/role:Role") tally.roles++;
      if (type === "aws:iam/instanceProfile:InstanceProfile") tally.instanceProfiles++;
      if (type === "aws:ec2/securityGroup:SecurityGroup") tally.securityGroups++;
      if (type === "aws:ec2/vpc:Vpc") tally.vpcs++;
      if (type === "aws:rds/clusterInstance:ClusterInstance") tally.databaseInstances++;
      if (type !== "aws:ecs/service:Service") continue;
      seen.services++;
      const name = String(inputs["name"]);
      const tasks = ceilings.get(name) ?? Number(inputs["desiredCount"]);
      tally.fargateVcpu +=
        (tasks * (definitions.get(name) ?? Number.NaN) * Number(inputs["deploymentMaximumPercent"])) / 100;
    }
  }
  return { tally, seen };
}

describe("the account's quotas and the resources", () => {
  it("agree: the notes ask for what the deployed resources take, to the last one", async () => {
    const { tally, seen } = askedBy(await deployFiles(filesWith({})));
    // Two gateways with Langfuse web, worker and collector each; two workspaces and one, with two hosts each.
    assert.deepEqual(seen, { services: 8, instances: 7 });
    const notes = (quotas: object) =>
      loadStackFile(filesWith(quotas), "platform").notes.filter((note) => note.includes("account's quota"));
    // Functions, roles and security groups are counted by section, at most.
    const enough = {
      ...tally,
      lambdaConcurrency: tally.lambdaConcurrency + 6,
      roles: tally.roles + 9,
      securityGroups: tally.securityGroups + 17,
      gp3TiB: Math.ceil(tally.gp3TiB),
    };
    assert.deepEqual(notes(enough), []);
    assert.equal(enough.gp3TiB, 1, "GiB of this plan are fewer than a TiB, which the config's own tests count");
    for (const key of (Object.keys(tally) as (keyof typeof tally)[]).filter((each) => each !== "gp3TiB")) {
      assert.equal(notes({ ...enough, [key]: tally[key] - 1 }).length, 1, key);
    }
  });
});
