import assert from "node:assert/strict";
import path from "node:path";
import fc from "fast-check";
import { startPack, type PolicyPack } from "../offline/pack-client";
import { deployFiles, type DeployedStack } from "./support/deployed";
import { refusals } from "./support/judged";
import { filesOf, stackConfigs } from "./support/stack-files";

const packFolder = path.join(__dirname, "../policy-pack");

/** The input that names a resource in its account, by type. */
const naming: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "name",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
  "aws:iam/instanceProfile:InstanceProfile": "name",
  "aws:iam/policy:Policy": "name",
  "aws:iam/role:Role": "name",
  "aws:kms/alias:Alias": "name",
  "aws:lambda/function:Function": "name",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:secretsmanager/secret:Secret": "name",
  "aws:sns/topic:Topic": "name",
  "aws:sqs/queue:Queue": "name",
  "aws:ssm/document:Document": "name",
};

const physicalNames = (stacks: readonly DeployedStack[]): string[] =>
  stacks.flatMap(({ spec, resources }) =>
    resources.flatMap(({ type, inputs }) => {
      const property = naming[type];
      const name = property === undefined ? undefined : inputs[property];
      // IAM does not tell names apart by case.
      return typeof name === "string" ? [`${spec.accountId} ${type} ${name.toLowerCase()}`] : [];
    }),
  );

describe("whatever stack files the schema accepts", () => {
  let pack: PolicyPack;
  before(async () => {
    pack = await startPack(packFolder);
  });
  after(() => pack.close());

  it("make stacks without a mandatory violation, with physical names of their own", async () => {
    await fc.assert(
      fc.asyncProperty(stackConfigs({ developers: 3 }), async (configs) => {
        const stacks = await deployFiles(filesOf(configs));
        for (const stack of stacks) {
          assert.deepEqual(await refusals(stack, pack, true), []);
        }
        const names = physicalNames(stacks);
        assert.ok(names.length > 100);
        assert.deepEqual(
          names.filter((name, at) => names.indexOf(name) !== at),
          [],
        );
      }),
      { numRuns: 8, endOnFailure: true, seed: 20261122 },
    );
  }).timeout(600_000);
});
