import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { runInProcess, type DocumentResource, type RunResult } from "../../offline/in-process";

class Pair extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, {}, opts);
    const topic = new aws.sns.Topic(`${name}-topic`, { tags: { Owner: "x" } }, { parent: this });
    this.topicArn = topic.arn;
    new aws.sqs.Queue(
      `${name}-queue`,
      { policy: topic.arn.apply((arn) => JSON.stringify({ arn })) },
      { parent: this, protect: true, retainOnDelete: true, ignoreChanges: ["tags"], deleteBeforeReplace: true },
    );
    this.registerOutputs({ topicArn: topic.arn });
  }
}

const find = (result: RunResult, name: string): DocumentResource => {
  const found = result.resources.find((r) => r.name === name);
  assert.ok(found, `no resource ${name}`);
  return found;
};

const run = (program: () => unknown, more: object = {}) => runInProcess(program, { stack: "test", ...more });

describe("a program run in process", () => {
  it("registers what the engine would: URNs with the parents' types, parents, options, dependencies, autonames, regions", async () => {
    const result = await run(() => {
      const outer = new Pair("pair");
      return { arn: outer.topicArn };
    });
    const topic = find(result, "pair-topic");
    assert.equal(topic.urn, "urn:pulumi:test::cline::test:index:Pair$aws:sns/topic:Topic::pair-topic");
    assert.equal(topic.parent, "urn:pulumi:test::cline::test:index:Pair::pair");
    assert.match(String(topic.inputs["name"]), /^pair-topic-[0-9a-f]{7}$/);
    assert.equal(topic.inputs["region"], "ap-northeast-1");
    const queue = find(result, "pair-queue");
    assert.equal(queue.inputs["policy"], "[unknown]");
    assert.deepEqual(queue.dependencies, [topic.urn]);
    assert.deepEqual(queue.propertyDependencies, { policy: [topic.urn] });
    assert.equal(queue.options.protect, true);
    assert.equal(queue.options.retainOnDelete, true);
    assert.equal(queue.options.deleteBeforeReplace, true);
    assert.deepEqual(queue.options.ignoreChanges, ["tags"]);
    assert.equal(result.resources[0]?.urn, "urn:pulumi:test::cline::pulumi:pulumi:Stack::cline-test");
    assert.deepEqual(find(result, "pair").outputs, { topicArn: "[unknown]" });
    assert.deepEqual(result.outputs, { arn: "[unknown]" });
  });

  it("names the line that made each resource", async () => {
    const result = await run(() => new Pair("pair"));
    assert.match(find(result, "pair-queue").source ?? "", /^tests\/offline\/in-process\.test\.ts:1\d$/);
  });

  it("knows ids, ARNs and outputs as deployed, the same in every run", async () => {
    const program = () => ({ arn: new Pair("pair").topicArn });
    const options = {
      preview: false,
      config: { "aws:region": "us-east-1", "aws:allowedAccountIds": '["999988887777"]' },
    };
    const [first, second] = [await run(program, options), await run(program, options)];
    const topic = find(first, "pair-topic");
    assert.equal(topic.id, `arn:aws:sns:us-east-1:999988887777:${String(topic.inputs["name"])}`);
    assert.equal(first.outputs["arn"], topic.id);
    assert.equal(find(first, "pair-queue").inputs["policy"], JSON.stringify({ arn: topic.id }));
    assert.deepEqual(topic.outputs["tagsAll"], { Owner: "x" });
    assert.equal(JSON.stringify(first), JSON.stringify(second));
  });

  it("shows secrets as [secret], whether marked by the program, by an option or by the provider's SDK", async () => {
    const result = await run(
      () => {
        const password = new random.RandomPassword("password", { length: 20 });
        const topic = new aws.sns.Topic("topic", {}, { additionalSecretOutputs: ["arn"] });
        new aws.sqs.Queue("queue", { policy: topic.arn });
        new aws.ssm.Parameter("plain", { type: "SecureString", value: password.result });
        return { word: password.result, given: pulumi.secret("canary-9") };
      },
      { preview: false },
    );
    assert.equal(find(result, "plain").inputs["value"], "[secret]");
    assert.equal(find(result, "queue").inputs["policy"], "[secret]");
    assert.deepEqual(result.outputs, { word: "[secret]", given: "[secret]" });
    const shown = JSON.stringify({ outputs: result.outputs, all: result.resources.map(({ raw: _, ...rest }) => rest) });
    assert.doesNotMatch(shown, /canary-9|stand-in-/);
  });

  it("refuses a duplicate URN, and names the line of the first", async () => {
    await assert.rejects(
      run(() => {
        new aws.sns.Topic("same");
        new aws.sns.Topic("same");
      }),
      /duplicate resource URN 'urn:pulumi:test::cline::aws:sns\/topic:Topic::same'.*first made at tests\/offline/,
    );
  });

  it("reads another stack's outputs, keeps their secrets, and refuses a stack it does not know", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "canary" };
    const program = () => {
      const platform = new pulumi.StackReference("organization/cline/platform");
      const network = platform.requireOutput("network") as pulumi.Output<{ vpcId: string }>;
      new aws.ec2.SecurityGroup("group", { vpcId: network.vpcId });
      return { hidden: platform.requireOutput("key") };
    };
    const result = await run(program, {
      references: { "organization/cline/platform": { network: { vpcId: "vpc-1" }, key: secret } },
    });
    assert.equal(find(result, "group").inputs["vpcId"], "vpc-1");
    assert.equal(result.outputs["hidden"], "[secret]");
    assert.equal(find(result, "organization/cline/platform").external, true);
    await assert.rejects(run(program), /unknown stack 'organization\/cline\/platform'; known: none/);
  });

  it("expands awsx.ecs.FargateService to its one service, and refuses the forms that open the network", async () => {
    const program = (network: boolean) => () => {
      const service = new awsx.ecs.FargateService("web", {
        cluster: "arn:aws:ecs:x",
        taskDefinition: "task:1",
        continueBeforeSteadyState: true,
        ...(network && { networkConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"] } }),
      });
      return { name: service.service.name };
    };
    const result = await run(program(true), { preview: false });
    const made = result.resources.filter((r) => r.parent.endsWith("awsx:ecs:FargateService::web"));
    assert.deepEqual(
      made.map((r) => r.urn),
      ["urn:pulumi:test::cline::awsx:ecs:FargateService$aws:ecs/service:Service::web"],
    );
    const { desiredCount, launchType, waitForSteadyState, taskDefinition } = made[0]!.inputs;
    assert.deepEqual(
      { desiredCount, launchType, waitForSteadyState, taskDefinition },
      { desiredCount: 1, launchType: "FARGATE", waitForSteadyState: false, taskDefinition: "task:1" },
    );
    assert.deepEqual(find(result, "web").inputs, {});
    assert.match(String(result.outputs["name"]), /^web-[0-9a-f]{7}$/);
    await assert.rejects(run(program(false)), /needs `networkConfiguration`/);
  });

  it("takes explicit providers at their region, and answers the few functions it can", async () => {
    const result = await run(
      async () => {
        const provider = new aws.Provider("virginia", { region: "us-east-1" });
        new aws.sns.Topic("far", {}, { provider });
        return { account: (await aws.getCallerIdentity()).accountId };
      },
      { preview: false },
    );
    assert.equal(find(result, "far").inputs["region"], "us-east-1");
    assert.equal(result.outputs["account"], "111122223333");
    await assert.rejects(
      run(() => aws.ec2.getAmi({ owners: ["self"] })),
      /the program asks AWS for aws:ec2\/getAmi:getAmi/,
    );
  });

  it("rejects with what the program throws: at once, in an apply, or from an async function, and runs again afterwards", async () => {
    await assert.rejects(
      run(() => {
        throw new Error("at once");
      }),
      /at once/,
    );
    await assert.rejects(
      run(async () => {
        await Promise.resolve();
        throw new Error("later");
      }),
      /later/,
    );
    await assert.rejects(
      run(
        () =>
          void pulumi.output(1).apply(() => {
            throw new Error("in apply");
          }),
      ),
      /in apply/,
    );
    assert.equal((await run(() => new Pair("pair"))).resources.length, 4);
  });

  it("keeps runs that were started together apart", async () => {
    const results = await Promise.all(["a", "b", "c"].map((name) => run(() => new Pair(name))));
    assert.deepEqual(
      results.map((r) => r.resources.map((x) => x.name)),
      ["a", "b", "c"].map((n) => ["cline-test", n, `${n}-topic`, `${n}-queue`]),
    );
  });
});
