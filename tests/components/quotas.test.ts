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
  "m7g.large": 2,
  "m7g.xlarge": 4,
  "m7g.2xlarge": 8,
};

/** What the deployed resources ask of the account's quotas. */
function askedBy(stacks: readonly DeployedStack[]) {
  const [tally, seen] = [
    { lambdaConcurrency: 100, fargateVcpu: 0, ec2Vcpu: 0 },
    { services: 0, instances: 0, reserved: 0 },
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
      if (type === "aws:lambda/function:Function" && inputs["reservedConcurrentExecutions"] !== undefined) {
        seen.reserved++;
        tally.lambdaConcurrency += Number(inputs["reservedConcurrentExecutions"]);
      }
      if (type === "aws:ec2/instance:Instance") {
        seen.instances++;
        tally.ec2Vcpu += instanceVcpu[String(inputs["instanceType"])] ?? Number.NaN;
      }
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
    // Two gateways with Langfuse web, worker and collector each; two workspaces and one, with two hosts each; two stacks' functions.
    assert.deepEqual(seen, { services: 8, instances: 7, reserved: 8 });
    const notes = (quotas: object) =>
      loadStackFile(filesWith(quotas), "platform").notes.filter((note) => note.includes("account's quota"));
    assert.deepEqual(notes(tally), []);
    for (const key of Object.keys(tally) as (keyof typeof tally)[]) {
      assert.equal(notes({ ...tally, [key]: tally[key] - 1 }).length, 1, key);
    }
  });
});
