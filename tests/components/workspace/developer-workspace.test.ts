import assert from "node:assert/strict";
import { buildFunctions } from "../../../functions/build";
import { DeveloperWorkspace, WorkspaceOperations } from "../../../components/workspace";
import { developerWorkspaceArgs, workspaceOperationsArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import {
  accessFacts,
  artifactFacts,
  gatewayFacts,
  keyFacts,
  networkFacts,
  observabilityFacts,
} from "../../support/facts";
import { departmentSpec, platformSpec, type Config } from "../../support/specs";
import { root } from "../../support/project";

before(() => {
  buildFunctions(root);
});

const partner = "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718";

async function workspaces(developers: Config = { tanaka: {} }): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec({
    "cline:department": { developers: { suzuki: undefined, tanaka: undefined, ...developers } },
  });
  const { resources } = await runInProcess(
    () => {
      for (const developer of spec.department!.developers) {
        new DeveloperWorkspace(developer.id, {
          ...developerWorkspaceArgs(spec, developer),
          network: networkFacts(["codecommit", partner]),
          gateway: gatewayFacts(),
          access: accessFacts(),
          artifacts: artifactFacts(),
          keys: keyFacts(),
          keySecret: `cline/example/engineering/${developer.id}/virtual-key`,
          setUpKey: "workspace/set-up/engineering/0123456789ab.json",
        });
      }
    },
    { stack: "engineering" },
  );
  return resources;
}

const only = (resources: readonly DocumentResource[], type: string): DocumentResource => {
  const found = resources.filter((resource) => resource.type === type);
  assert.equal(found.length, 1, `${type}: ${String(found.length)}`);
  return found[0]!;
};

describe("DeveloperWorkspace", () => {
  it("makes a private, encrypted instance that cannot be entered from the network", async () => {
    const resources = await workspaces();
    const instance = only(resources, "aws:ec2/instance:Instance").inputs;
    assert.equal(instance.associatePublicIpAddress, false);
    assert.equal(instance.keyName, undefined);
    assert.equal(instance.ebsOptimized, true);
    assert.deepEqual(
      { ...(instance.metadataOptions as object) },
      { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "disabled" },
    );
    const root = instance.rootBlockDevice as Record<string, unknown>;
    assert.equal(root.encrypted, true);
    assert.match(String(root.kmsKeyId), /^arn:aws:kms:/);
    assert.ok(!resources.some(({ type }) => type.includes("SecurityGroupIngressRule") || type.includes("keyPair")));
  });

  it("lets traffic out on 443 to endpoints, S3 and the gateway only", async () => {
    const rules = (await workspaces()).filter(({ type }) => type.endsWith(":SecurityGroupEgressRule"));
    assert.deepEqual(rules.map(({ name }) => name).sort(), [
      "tanaka-to-endpoints",
      "tanaka-to-gateway",
      "tanaka-to-s3",
    ]);
    for (const { inputs } of rules) {
      assert.deepEqual([inputs.ipProtocol, inputs.fromPort, inputs.toPort], ["tcp", 443, 443]);
      assert.equal(inputs.cidrIpv4 ?? inputs.cidrIpv6, undefined);
    }
  });

  it("tags owner and department, and changes size, schedule and idle time without touching the set-up", async () => {
    const plain = only(await workspaces(), "aws:ec2/instance:Instance").inputs;
    const changed = only(
      await workspaces({
        tanaka: {
          workspace: {
            size: "large",
            idleMinutes: 30,
            schedule: { start: "08:00", stop: "20:00", days: ["mon", "fri"] },
          },
        },
      }),
      "aws:ec2/instance:Instance",
    ).inputs;
    const tags = changed.tags as Record<string, string>;
    assert.equal(tags.Owner, "tanaka");
    assert.equal(tags.Department, "engineering");
    assert.equal(tags.IdleMinutes, "30");
    assert.equal(tags.Schedule, "08:00-20:00 mon fri");
    assert.equal(changed.userData, plain.userData);
    assert.notEqual(changed.instanceType, plain.instanceType);
  });

  it("keeps the home volume when person or stack go, and adopts an earlier one", async () => {
    const made = await workspaces();
    const home = only(made, "aws:ebs/volume:Volume");
    assert.equal(home.options.retainOnDelete, true);
    assert.equal(home.inputs.encrypted, true);
    const attachment = only(made, "aws:ec2/volumeAttachment:VolumeAttachment");
    assert.equal(attachment.options.deleteBeforeReplace, true);
    const instance = only(made, "aws:ec2/instance:Instance").inputs;
    assert.equal(
      home.inputs.availabilityZone === "ap-northeast-1a",
      instance.subnetId === "subnet-0a1b2c3d4e5f60711",
      "home and instance are in one zone",
    );
    const adopted = await workspaces({ tanaka: { homeVolume: "vol-0a1b2c3d4e5f60718" } });
    assert.ok(!adopted.some(({ type }) => type === "aws:ebs/volume:Volume"));
    assert.equal(only(adopted, "aws:ec2/volumeAttachment:VolumeAttachment").inputs.volumeId, "vol-0a1b2c3d4e5f60718");
  });

  it("adding a person touches nothing of another", async () => {
    const before = await workspaces({ tanaka: {} });
    const after = await workspaces({ aaa: {}, tanaka: {} });
    const own = (resources: readonly DocumentResource[]) =>
      resources
        .filter(({ name }) => name === "tanaka" || name.startsWith("tanaka-"))
        .map(({ urn, inputs }) => ({ urn, inputs: JSON.stringify(inputs) }));
    assert.deepEqual(own(after), own(before));
    assert.ok(own(before).length > 10);
  });

  it("allows the instance one secret and no model", async () => {
    const policy = only(await workspaces(), "aws:iam/rolePolicy:RolePolicy").inputs.policy as string;
    assert.match(policy, /secret:cline\/example\/engineering\/tanaka\/virtual-key-\?{6}/);
    assert.ok(!/bedrock|ssm:GetParameter|"\*:\*"/.test(policy));
    assert.ok(!policy.includes("[unknown]"));
    assert.ok(policy.length < 10_240, "inline policies of a role: 10,240 characters");
  });

  it("reaches the sources that it names, and only those", async () => {
    const resources = await workspaces({
      tanaka: { workspace: { sources: ["codecommit", partner] } },
      suzuki: { workspace: { sources: [partner] } },
    });
    const rules = resources.filter(({ type }) => type.endsWith(":SecurityGroupEgressRule")).map(({ name }) => name);
    assert.ok(rules.includes("tanaka-to-codecommit") && rules.includes("suzuki-to-vpce-svc-0a1b2c3d4e5f60718"));
    assert.ok(!rules.includes("suzuki-to-codecommit"));
  });

  it("says which stack to run where the network has no endpoint for a source yet", async () => {
    await assert.rejects(
      workspaces({ tanaka: { workspace: { sources: [partner.replace("0a1b", "ffff")] } } }),
      /no endpoint for com\.amazonaws\.vpce\..*ffff.* yet; run the network's stack first/,
    );
  });
});

describe("WorkspaceOperations", () => {
  it("may start and stop workspaces of this organization only", async () => {
    const spec = platformSpec();
    const { resources } = await runInProcess(
      () => {
        new WorkspaceOperations("workspaces", {
          ...workspaceOperationsArgs(spec),
          network: networkFacts(),
          keys: keyFacts(),
          access: accessFacts(),
          observability: observabilityFacts(),
        });
      },
      { stack: "platform" },
    );
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    const text = policies
      .map(({ inputs }) => String(inputs.policy))
      .find((policy) => policy.includes("ec2:StopInstances"))!;
    const { Statement } = JSON.parse(text) as { Statement: { Sid: string; Condition?: object }[] };
    assert.deepEqual(Statement.find(({ Sid }) => Sid === "StartAndStopWorkspaces")!.Condition, {
      StringEquals: { "aws:ResourceTag/Organization": "example", "aws:ResourceTag/Purpose": "workspace" },
    });
    assert.ok(Statement.some(({ Sid }) => Sid === "GrantVolumesToStartedInstances"));
  });
});
