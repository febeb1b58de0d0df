import assert from "node:assert/strict";
import { contextOf } from "../../../components/context-of";
import { DepartmentGateway } from "../../../components/gateway";
import { virtualKeyPolicy } from "../../../components/gateway/virtual-key";
import { departmentGatewayArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import type { DepartmentState } from "../../../config";
import { gatewayFacts, keyFacts, observabilityFacts } from "../../support/facts";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { departmentSpec, type Config } from "../../support/specs";

async function department(overrides: Config = {}, preview = false): Promise<readonly DocumentResource[]> {
  const spec = departmentSpec(overrides);
  const { resources } = await runInProcess(
    () => {
      new DepartmentGateway("gateway", {
        ...departmentGatewayArgs(spec, spec.department!),
        gateway: gatewayFacts(),
        observability: observabilityFacts(),
        keys: keyFacts(),
      });
    },
    { stack: "engineering", preview },
  );
  return resources;
}
const declared = (resources: readonly DocumentResource[]) =>
  JSON.parse(one(resources, "BucketObject").inputs["content"] as string) as DepartmentState;

describe("DepartmentGateway", () => {
  it("makes a tagged profile for each of its models, and declares them", async () => {
    const resources = await department({ "cline:department": { models: ["light", "standard"] } });
    const profiles = ofType(resources, "InferenceProfile");
    assert.deepEqual(profiles.map(({ inputs }) => inputs["name"]).sort(), [
      "example-engineering-light",
      "example-engineering-standard",
    ]);
    for (const { inputs } of profiles) {
      const tags = inputs["tags"] as Record<string, string>;
      assert.equal(tags["Department"], "engineering");
      assert.equal(tags["ModelSpend"], "engineering");
      assert.match(JSON.stringify(inputs["modelSource"]), /:inference-profile\/jp\./);
    }
    const state = declared(resources);
    assert.deepEqual(Object.keys(state.profiles).sort(), ["light", "standard"]);
    assert.match(state.profiles.light!, /^arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile\//);
  });

  it("makes a rotated secret for each person, after the declaration is accepted, and waits for all", async () => {
    const resources = await department();
    const secrets = ofType(resources, "Secret").filter(({ name }) => !name.startsWith("gateway-langfuse"));
    assert.deepEqual(secrets.map(({ inputs }) => inputs["name"]).sort(), [
      "cline/example/engineering/suzuki/virtual-key",
      "cline/example/engineering/tanaka/virtual-key",
    ]);
    assert.equal(ofType(resources, "SecretVersion").length, 0, "Pulumi never holds a key");
    for (const { inputs } of secrets) assert.equal(inputs["recoveryWindowInDays"], 0);
    for (const { inputs, dependencies } of ofType(resources, "SecretRotation")) {
      assert.match(dependencies.join(), /::gateway-reconciled/);
      assert.equal(inputs["rotateImmediately"], true);
    }
    const ready = one(resources, "Invocation", "keys-ready");
    assert.match(ready.dependencies.join(), /::gateway-tanaka-rotation/);
    assert.deepEqual(JSON.parse(ready.inputs["input"] as string), {
      await: { department: "engineering", developers: ["suzuki", "tanaka"] },
    });
  });

  it("ends its keys when it is destroyed, first of all and whatever changed since", async () => {
    const ends = async (overrides: Config) => {
      const resources = await department(overrides);
      const end = resources.find(({ name }) => name === "gateway-keys-end");
      assert.ok(end);
      assert.deepEqual(
        resources.filter(({ dependencies }) => dependencies.includes(end.urn)),
        [],
        "nothing has to go before it",
      );
      return end.inputs;
    };
    const before = await ends({});
    assert.equal(before["lifecycleScope"], "CRUD");
    assert.equal(before["input"], '{"ends":"engineering"}');
    assert.equal(before["triggers"], undefined, "the provider replaces an invocation whose triggers change");
    assert.deepEqual(await ends({ "cline:department": { rpm: 20, developers: { kato: {} } } }), before);
  });

  it("declares by content hash, so that the trigger names the very object", async () => {
    const before = one(await department(), "Invocation", "reconciled").inputs;
    const again = one(await department(), "Invocation", "reconciled").inputs;
    const after = one(
      await department({ "cline:department": { developers: { suzuki: { monthlyBudgetUsd: 200 } } } }),
      "Invocation",
      "reconciled",
    ).inputs;
    assert.deepEqual(again, before);
    assert.notDeepEqual(after["triggers"], before["triggers"]);
  });

  it("touches no other person when somebody joins or leaves", async () => {
    const own = (resources: readonly DocumentResource[], id: string) =>
      resources.filter(({ name }) => name.startsWith(`gateway-${id}`)).map(({ urn, inputs }) => ({ urn, inputs }));
    const before = await department();
    const joined = await department({ "cline:department": { developers: { abe2: {} } } });
    const left = await department({ "cline:department": { developers: { suzuki: undefined } } });
    assert.ok(own(before, "tanaka").length >= 3);
    assert.deepEqual(own(joined, "tanaka"), own(before, "tanaka"));
    assert.deepEqual(own(left, "tanaka"), own(before, "tanaka"));
  });

  it("lets nobody but the owner's workspace and the rotation read a key, and only the rotation write one", () => {
    const context = contextOf(departmentSpec());
    const statements = statementsOf(virtualKeyPolicy(context, "sato", context.of("platform")));
    const spared = (action: string) =>
      statements
        .filter(({ Effect, Action }) => Effect === "Deny" && listed(Action).includes(action))
        .map(({ Condition }) => Condition?.["ArnNotEquals"]?.["aws:PrincipalArn"]);
    const workspace = "arn:aws:iam::111122223333:role/cline/example-ws-sato";
    const rotation = "arn:aws:iam::111122223333:role/cline/example-platform-key-rotation";
    assert.deepEqual(spared("secretsmanager:GetSecretValue"), [[workspace, rotation]]);
    assert.deepEqual(spared("secretsmanager:PutSecretValue"), [[rotation]]);
  });

  it("has an alias of the key administration named as itself", async () => {
    const alias = one(await department(), "Alias").inputs;
    assert.deepEqual([alias["name"], alias["functionName"]], ["engineering", "example-platform-key-admin"]);
  });
});
