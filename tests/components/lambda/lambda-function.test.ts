import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { FunctionSchedule, LambdaFunction } from "../../../components/lambda";
import { functionCode } from "../../../components/lambda/function-code";
import { buildFunctions } from "../../../functions/build";
import { runInProcess } from "../../../offline/in-process";
import { accessFacts, keyFacts, networkFacts, observabilityFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { platformSpec } from "../../support/specs";

async function made(inVpc: boolean) {
  buildFunctions(process.cwd());
  const { resources } = await runInProcess(
    () => {
      const context = contextOf(platformSpec());
      const lambda = new LambdaFunction("canary", {
        context,
        purpose: "gateway-canary",
        description: "Under test",
        access: accessFacts(),
        keys: keyFacts(),
        reaches: { gateway: { securityGroupId: "sg-0a1b2c3d4e5f60703", port: 443 } },
        alarmTopicArn: observabilityFacts().alarmTopicArn,
        ...(inVpc ? { network: networkFacts() } : {}),
      });
      new FunctionSchedule("clock", {
        context,
        purpose: "gateway-canary",
        expression: "rate(1 minute)",
        functionArn: lambda.arn,
        access: accessFacts(),
        keys: keyFacts(),
      });
    },
    { stack: "platform", preview: false },
  );
  return resources;
}

describe("LambdaFunction", () => {
  it("is arm64, in the VPC, encrypted with the stack's key, with log group and queue of its own", async () => {
    const resources = await made(true);
    const inputs = one(resources, "Function").inputs;
    assert.deepEqual(inputs["architectures"], ["arm64"]);
    assert.match(String(inputs["kmsKeyArn"]), /^arn:aws:kms:/);
    assert.equal(ofType(resources, "LogGroup").length, 1);
    assert.match(String(one(resources, "LogGroup").inputs["kmsKeyId"]), /^arn:aws:kms:.*:key\/00000002-/);
    assert.match(String(one(resources, "Queue").inputs["kmsMasterKeyId"]), /^arn:aws:kms:.*:key\/00000001-/);
    assert.equal(
      (inputs["deadLetterConfig"] as { targetArn: string }).targetArn,
      one(resources, "Queue").outputs["arn"],
    );
    assert.equal(ofType(resources, "MetricAlarm").length, 3);
    const reached = ofType(resources, "SecurityGroupEgressRule").map(({ name }) => name);
    assert.deepEqual(reached.sort(), ["canary-to-endpoints", "canary-to-gateway", "canary-to-s3"]);
  });

  it("gives VPC attachment to Lambda, not to the function's own code", async () => {
    const statements = statementsOf(one(await made(true), "RolePolicy", "canary").inputs["policy"]);
    const denied = statements.find(({ Sid }) => Sid === "NotFromItsCode")!;
    assert.equal(denied.Effect, "Deny");
    assert.ok(listed(denied.Action).includes("ec2:CreateNetworkInterface"));
    assert.equal(
      denied.Condition?.["ArnEquals"]?.["lambda:SourceFunctionArn"],
      "arn:aws:lambda:ap-northeast-1:111122223333:function:example-platform-gateway-canary",
    );
    const outside = statementsOf(one(await made(false), "RolePolicy", "canary").inputs["policy"]);
    assert.equal(
      outside.some(({ Action }) => listed(Action).some((action) => action.startsWith("ec2:"))),
      false,
    );
  });

  it("is run by the clock through a role that may invoke it and no other", async () => {
    const [invoke] = statementsOf(one(await made(true), "RolePolicy", "clock").inputs["policy"]);
    assert.deepEqual(
      [invoke!.Action, invoke!.Resource],
      ["lambda:InvokeFunction", "arn:aws:lambda:ap-northeast-1:111122223333:function:example-platform-gateway-canary"],
    );
  });

  it("says what to run when a bundle is missing", () => {
    assert.throws(
      () => functionCode("no-such-function"),
      /functions\/dist\/no-such-function\/index\.js: not found; build it first: npm run build/,
    );
  });
});
