import assert from "node:assert/strict";
import { KeyRing } from "../../../components/encryption";
import { keyRingArgs } from "../../../compose";
import { runInProcess, type DocumentResource } from "../../../offline/in-process";
import type { StackSpec } from "../../../config";
import { listed, ofType, one, statementsOf } from "../../support/resources";
import { departmentSpec, platformSpec } from "../../support/specs";

async function keys(spec: StackSpec): Promise<readonly DocumentResource[]> {
  const { resources } = await runInProcess(() => new KeyRing("keys", keyRingArgs(spec)).facts, { stack: spec.stack });
  return resources;
}

describe("KeyRing", () => {
  it("makes a rotated key with a known alias for each purpose, and the session key with the foundation only", async () => {
    for (const [spec, purposes] of [
      [platformSpec(), ["data", "logs", "secrets", "sessions"]],
      [departmentSpec(), ["data", "logs", "secrets"]],
    ] as const) {
      const resources = await keys(spec);
      assert.deepEqual(
        ofType(resources, "Alias").map(({ inputs }) => inputs["name"]),
        purposes.map((purpose) => `alias/cline/example/${spec.stack}/${purpose}`),
      );
      for (const { inputs } of ofType(resources, "Key")) {
        assert.deepEqual(
          [inputs["enableKeyRotation"], inputs["rotationPeriodInDays"], inputs["deletionWindowInDays"]],
          [true, 365, 30],
        );
      }
    }
  });

  it("gives nobody every action, and the account's root no cryptography but through the purpose's services", async () => {
    for (const key of ofType(await keys(platformSpec()), "Key")) {
      for (const { Sid, Effect, Principal, Action, Condition } of statementsOf(key.inputs["policy"])) {
        assert.equal(Effect, "Allow");
        assert.ok(!listed(Action).includes("kms:*"), `${key.name} ${Sid}`);
        assert.ok(JSON.stringify(Principal) !== '"*"', `${key.name} ${Sid}`);
        const uses = listed(Action).some((action) =>
          /^kms:(Encrypt|Decrypt|GenerateDataKey|ReEncrypt|CreateGrant)/.test(action),
        );
        if (uses && JSON.stringify(Principal).includes(":root")) {
          const narrowed =
            Condition?.["StringEquals"]?.["kms:ViaService"] ?? Condition?.["ArnLike"]?.["aws:PrincipalArn"];
          assert.ok(narrowed, `${key.name} ${Sid}`);
        }
      }
    }
  });

  it("admits services that call in their own name from this account only, but EventBridge, which does not say", async () => {
    for (const key of ofType(await keys(platformSpec()), "Key")) {
      for (const { Sid, Principal, Condition } of statementsOf(key.inputs["policy"])) {
        const services = listed((Principal as { Service?: string | string[] }).Service);
        if (services.length === 0) continue;
        const bound = JSON.stringify(Condition ?? {}).includes("111122223333");
        assert.equal(bound, !services.includes("events.amazonaws.com"), `${key.name} ${Sid}`);
      }
    }
  });

  it("lets CloudWatch Logs use the logs key for this stack's groups only", async () => {
    const key = one(await keys(departmentSpec()), "Key", "logs");
    const logs = statementsOf(key.inputs["policy"]).find(({ Sid }) => Sid === "LogGroups")!;
    for (const arn of listed(logs.Condition!["ArnLike"]!["kms:EncryptionContext:aws:logs:arn"])) {
      assert.match(arn, /engineering/);
    }
  });

  it("admits cost alerts only where the account pays", async () => {
    const policy = async (spec: StackSpec) => String(one(await keys(spec), "Key", "data").inputs["policy"]);
    const billing = { "cline:platform": { billing: { accountId: "111122223333" } } };
    assert.ok(!(await policy(platformSpec())).includes("costalerts"));
    assert.ok((await policy(platformSpec(billing))).includes("costalerts"));
    assert.ok(!(await policy(departmentSpec({}, billing))).includes("costalerts"));
  });

  it("encrypts new volumes by default in an account of its own", async () => {
    const dedicated = await keys(platformSpec({ "cline:platform": { account: "dedicated" } }));
    assert.equal(one(dedicated, "EncryptionByDefault").inputs["enabled"], true);
    one(dedicated, "DefaultKmsKey");
    const shared = await keys(platformSpec({ "cline:platform": { account: "shared" } }));
    assert.deepEqual(ofType(shared, "EncryptionByDefault"), []);
  });
});
