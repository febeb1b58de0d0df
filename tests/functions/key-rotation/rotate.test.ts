import assert from "node:assert/strict";
import { reconcileDepartment } from "../../../functions/access-reconciler/reconcile";
import { overlapHours, ownerOf, rotate, type Rotation } from "../../../functions/key-rotation/rotate";
import { tokenOf } from "../../../functions/shared/litellm";
import type { DepartmentState } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeLiteLLM } from "../../support/litellm";
import { FakeVault, rotationOf, turned } from "./rotation";

describe("key rotation", () => {
  let litellm: FakeLiteLLM;
  let vault: FakeVault;
  let state: DepartmentState;
  beforeEach(async () => {
    litellm = await new FakeLiteLLM().start();
    vault = new FakeVault("cline/example/engineering/tanaka/virtual-key");
    state = declaredDepartment();
    await reconcileDepartment(litellm.client(), declaredPlatform(), state, new Date(), () => undefined);
  });
  afterEach(() => litellm.stop());

  const rotation = (): Rotation => rotationOf(litellm, vault, state);
  const turn = (version: string, attempts?: number): Promise<void> => turned(rotation, vault, version, attempts);
  const stored = (key: string | undefined) => litellm.keys.get(tokenOf(key ?? ""));

  it("makes the first key of an empty secret, with the declared limits and an end", async () => {
    await turn("v1");
    const key = stored(vault.current)!;
    assert.equal(key.key_alias, "engineering/tanaka/v1");
    assert.equal(key.max_budget, 2700);
    assert.deepEqual(key.models, ["light", "standard", "strong"]);
    assert.equal(key.metadata["priority"], "high");
    assert.ok(Date.parse(key.expires!) > Date.now());
  });

  it("lets the key before work for the overlap, and the one before that not at all", async () => {
    await turn("v1");
    const first = vault.current;
    await turn("v2");
    const end = Date.parse(stored(first)!.expires!);
    assert.ok(Math.abs(end - Date.now() - overlapHours * 3_600_000) < 60_000);
    assert.equal(litellm.working("tanaka").length, 2);
    await turn("v3");
    assert.equal(stored(first), undefined);
    assert.equal(litellm.working("tanaka").length, 2);
  });

  it("carries the spend over: a rotation gives no new budget", async () => {
    await turn("v1");
    Object.assign(stored(vault.current)!, { spend: 123.45 });
    await turn("v2");
    assert.equal(stored(vault.current)!.spend, 123.45);
  });

  it("makes no key for a person who is not declared", async () => {
    vault = new FakeVault("cline/example/engineering/nobody/virtual-key");
    await assert.rejects(turn("v1", 1), /nobody is not declared; no key is made/);
    assert.equal(litellm.keys.size, 0);
  });

  it("serves virtual keys of its own organization only", () => {
    assert.deepEqual(ownerOf("example", vault.name), { department: "engineering", developer: "tanaka" });
    for (const name of [
      "cline/other/a/b/virtual-key",
      "cline/example/platform/gateway-master-key",
      "cline/example/a/b/virtual-key/x",
    ]) {
      assert.throws(() => ownerOf("example", name), /not a virtual key of example/);
    }
  });

  it("ends, killed before or after any call of any step, with one current key, none leaked and none lost", async () => {
    const whole = { vault: 0, litellm: 0 };
    await turn("v0");
    const counted = { vault: vault.calls, litellm: litellm.calls.length };
    await turn("v1");
    whole.vault = vault.calls - counted.vault;
    whole.litellm = litellm.calls.length - counted.litellm;
    let version = 1;
    for (const [where, calls] of Object.entries(whole)) {
      for (let at = 1; at <= calls; at++) {
        for (const way of ["before", "after"] as const) {
          const before = vault.current;
          const from = where === "vault" ? vault.calls : litellm.calls.length;
          if (where === "vault") vault.failAt = { call: from + at, way };
          else litellm.failure = (call) => (call === from + at ? way : undefined);
          await turn(`v${String(++version)}`);
          vault.failAt = undefined;
          litellm.failure = undefined;

          const label = `${where} call ${String(at)} ${way}`;
          assert.notEqual(vault.current, before, label);
          const working = litellm.working("tanaka").map(({ token }) => token);
          assert.deepEqual(
            [...working].sort(),
            [vault.current, before].map((key) => tokenOf(key ?? "")).sort(),
            `${label}: the current key, the one before, and no other`,
          );
        }
      }
    }
    assert.equal(version, 1 + 2 * (whole.vault + whole.litellm));
    assert.ok(whole.vault > 5 && whole.litellm > 5, "there is something to kill");
  });

  it("gives a pending key up that LiteLLM has lost, and the next rotation makes another", async () => {
    await turn("v1");
    vault.begin("v2");
    await rotate(rotation(), "createSecret", "v2");
    litellm.keys.delete(tokenOf(vault.values.get("v2")!));
    await assert.rejects(rotate(rotation(), "setSecret", "v2"), /given up, rotate again/);
    assert.equal(vault.stages.has("AWSPENDING"), false);
    await turn("v3");
    assert.equal(litellm.working("tanaka").length, 2);
  });

  describe("of a database that was restored to a time before the current key", () => {
    /** Keys as they are now, to be put back later. */
    const backup = () => [...litellm.keys].map(([token, key]) => [token, { ...key }] as const);
    const restore = (keys: ReturnType<typeof backup>) => {
      litellm.keys.clear();
      for (const [token, key] of keys) litellm.keys.set(token, key);
    };

    it("makes a key that works, and ends the one that had been replaced and is known again", async () => {
      await turn("v1");
      const first = vault.current;
      const kept = backup();
      await turn("v2");
      await turn("v3");
      restore(kept);
      assert.equal(stored(vault.current), undefined);
      await turn("v4");
      assert.deepEqual(
        litellm.working("tanaka").map(({ token }) => token),
        [tokenOf(vault.current ?? "")],
      );
      assert.equal(stored(first), undefined);
    });

    it("carries over what the person had spent, and a lead's block", async () => {
      await turn("v1");
      Object.assign(stored(vault.current)!, { spend: 123.45, blocked: true, metadata: { blockedBy: "lead" } });
      const kept = backup();
      await turn("v2");
      restore(kept);
      await turn("v3");
      const { spend, blocked, metadata } = stored(vault.current)!;
      assert.deepEqual([spend, blocked, metadata["blockedBy"]], [123.45, true, "lead"]);
      assert.equal(litellm.working("tanaka").length, 0);
    });
  });

  it("goes through for a person whose budget is spent, and gives no new one", async () => {
    await turn("v1");
    Object.assign(stored(vault.current)!, { spend: 2700.01 });
    await turn("v2", 1);
    assert.equal(stored(vault.current)!.spend, 2700.01);
  });

  it("does not hand over a key with models that are not declared", async () => {
    await turn("v1");
    vault.begin("v2");
    await rotate(rotation(), "createSecret", "v2");
    await rotate(rotation(), "setSecret", "v2");
    Object.assign(stored(vault.values.get("v2"))!, { models: ["light", "somebody-elses"] });
    await assert.rejects(
      rotate(rotation(), "testSecret", "v2"),
      /offers light, somebody-elses; declared light, standard, strong/,
    );
  });
});
