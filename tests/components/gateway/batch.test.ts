import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { Batch, batchModels } from "../../../components/gateway/batch";
import { buildFunctions } from "../../../functions/build";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import { modelTiers, planModel, type StackSpec } from "../../../config";
import { accessFacts, gatewayReach, keyFacts, networkFacts, observabilityFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { platformSpec } from "../../support/specs";

async function made(spec: StackSpec): Promise<readonly DocumentResource[]> {
  buildFunctions(process.cwd());
  const { resources } = await runInProcess(
    () =>
      new Batch("batch", {
        context: contextOf(spec),
        models: spec.platform,
        network: networkFacts(),
        keys: keyFacts(),
        access: accessFacts(),
        observability: observabilityFacts(),
        gateway: { ...gatewayReach(), host: "gateway.platform.example.cline.internal" },
      }),
    { stack: spec.stack, preview: true },
  );
  return resources;
}

describe("Batch", () => {
  let resources: readonly DocumentResource[];
  before(async () => {
    resources = await made(platformSpec());
  });

  it("keeps files for 30 days, under the stack's key, open to Bedrock's role from outside the network and to nobody else", () => {
    const [lifecycle] = ofType(resources, "BucketLifecycleConfiguration");
    const [rule] = lifecycle!.inputs["rules"] as { expiration: { days: number } }[];
    assert.equal(rule!.expiration.days, 30);
    const outside = statementsOf(one(resources, "BucketPolicy").inputs["policy"]).find(
      ({ Sid }) => Sid === "OwnEndpointsOnly",
    )!;
    const role = (name: string) => `arn:aws:iam::111122223333:role/cline/example-${name}`;
    assert.deepEqual(outside.Condition?.["ArnNotLike"]?.["aws:PrincipalArn"], [
      role("deployer"),
      role("operator"),
      role("platform-bedrock-batch"),
    ]);
  });

  it("lets Bedrock take up its role for batch jobs of this account only, within a boundary of its own", () => {
    const role = one(resources, "Role", "bedrock-batch").inputs;
    assert.equal(role["permissionsBoundary"], "arn:aws:iam::111122223333:policy/cline/example-boundary-bedrock-batch");
    const [trust] = statementsOf(role["assumeRolePolicy"]);
    assert.deepEqual(trust!.Principal, { Service: "bedrock.amazonaws.com" });
    assert.deepEqual(trust!.Condition, {
      StringEquals: { "aws:SourceAccount": "111122223333" },
      ArnLike: { "aws:SourceArn": "arn:aws:bedrock:ap-northeast-1:111122223333:model-invocation-job/*" },
    });
  });

  it("invokes the residency's models only, also where the residency is the world", async () => {
    const invoking = (all: readonly DocumentResource[]) =>
      statementsOf(one(all, "RolePolicy", "bedrock-batch-policy").inputs["policy"])
        .filter(({ Action }) => listed(Action).includes("bedrock:InvokeModel"))
        .flatMap(({ Resource }) => listed(Resource));
    assert.ok(
      invoking(resources).every((arn) =>
        /:inference-profile\/jp\.|:ap-northeast-[13]::foundation-model\/[a-z]/.test(arn),
      ),
    );
    const world = await made(platformSpec({ "cline:platform": { residency: "global" } }));
    assert.ok(invoking(world).some((arn) => arn.startsWith("arn:aws:bedrock:::foundation-model/")));
    assert.deepEqual(
      invoking(world).filter((arn) => arn.endsWith("*")),
      [],
    );
  });

  it("runs every five minutes inside the network, and reaches the gateway", () => {
    assert.equal(one(resources, "Schedule").inputs["scheduleExpression"], "rate(5 minutes)");
    const runner = one(resources, "Function").inputs;
    assert.ok(runner["vpcConfig"]);
    const rules = ofType(resources, "SecurityGroupEgressRule").map(({ name }) => name);
    assert.ok(rules.some((name) => name.endsWith("to-gateway-management")));
    const { variables } = runner["environment"] as { variables: Record<string, string> };
    assert.equal(variables["GATEWAY_MANAGEMENT_URL"], "https://gateway.platform.example.cline.internal:8443");
    for (const name of Object.keys(variables)) assert.doesNotMatch(name, /PASSWORD|TOKEN|MASTER_KEY$/);
    assert.deepEqual(Object.keys(JSON.parse(variables["MODELS"]!) as object), [...modelTiers]);
  });

  it("starts jobs under a department's name only, and gives them one role", () => {
    const statements = statementsOf(one(resources, "RolePolicy", "runner-policy").inputs["policy"]);
    const start = statements.find(({ Sid }) => Sid === "StartBatches")!;
    assert.equal(start.Condition?.["StringLike"]?.["aws:RequestTag/Department"], "?*");
    assert.ok(listed(start.Resource).every((arn) => !/^\*$|foundation-model\/\*/.test(arn)));
    const pass = statements.filter(({ Action }) => listed(Action).includes("iam:PassRole"));
    assert.deepEqual(
      pass.map(({ Resource, Condition }) => [Resource, Condition]),
      [
        [
          "arn:aws:iam::111122223333:role/cline/example-platform-bedrock-batch",
          { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
        ],
      ],
    );
  });

  it("offers every tier at half its price, through the profile of the residency", () => {
    const spec = platformSpec();
    for (const tier of modelTiers) {
      const { price, profileId } = planModel(spec.platform, tier);
      const model = batchModels(contextOf(spec), spec.platform)[tier];
      assert.equal(model.inputUsd, price.input / 2);
      assert.equal(model.outputUsd, price.output / 2);
      assert.ok(model.profileArn.endsWith(`:111122223333:inference-profile/${profileId}`));
      assert.ok(model.defaultTokens <= model.mostTokens);
    }
  });
});
