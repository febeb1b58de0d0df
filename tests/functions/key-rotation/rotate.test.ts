import assert from "node:assert/strict";
import { reconcileDepartment } from "../../../functions/access-reconciler/reconcile";
import { administer } from "../../../functions/key-admin/administer";
import { serve } from "../../../functions/key-admin/serve";
import { aliasOf, parseRequest } from "../../../functions/key-admin/request";
import { overlapHours, ownerOf, rotate, type Rotation, type Step } from "../../../functions/key-rotation/rotate";
import type { Vault } from "../../../functions/key-rotation/vault";
import { tokenOf } from "../../../functions/shared/litellm";
import type { DepartmentState } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeLiteLLM } from "../../support/litellm";

const steps: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** A secret as Secrets Manager keeps it: a stage is at one version, a version's value never changes. */
class FakeVault implements Vault {
  readonly stages = new Map<string, string>();
  readonly values = new Map<string, string>();
  calls = 0;
  failAt: { readonly call: number; readonly way: "before" | "after" } | undefined;

  constructor(readonly name: string) {}

  #call<T>(act: () => T): Promise<T> {
    this.calls++;
    const failing = this.failAt?.call === this.calls ? this.failAt.way : undefined;
    if (failing === "before") return Promise.reject(new Error("not heard"));
    const done = act();
    return failing === "after" ? Promise.reject(new Error("answer lost")) : Promise.resolve(done);
  }
  state = () => this.#call(() => ({ name: this.name, versions: Object.fromEntries(this.stages) }));
  value = (version: string) => this.#call(() => this.values.get(version));
  putPending = (version: string, value: string) =>
    this.#call(() => {
      assert.ok(!this.values.has(version) || this.values.get(version) === value, "a version's value never changes");
      this.values.set(version, value);
      this.stages.set("AWSPENDING", version);
    });
  promote = (version: string, from: string | undefined) =>
    this.#call(() => {
      if (from !== undefined) this.stages.set("AWSPREVIOUS", from);
      this.stages.set("AWSCURRENT", version);
    });
  abandon = () => this.#call(() => void this.stages.delete("AWSPENDING"));

  /** What RotateSecret does before it calls the function. */
  begin(version: string): void {
    this.stages.set("AWSPENDING", version);
  }
  get current(): string | undefined {
    return this.values.get(this.stages.get("AWSCURRENT") ?? "");
  }
}

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

  const rotation = (): Rotation => ({
    vault,
    gateway: litellm.client(),
    gatewayAs: (key) => litellm.client(key),
    organization: "example",
    platform: () => Promise.resolve(declaredPlatform()),
    department: (name) => Promise.resolve(name === "engineering" ? state : undefined),
    now: () => new Date(),
  });
  /** One rotation as Secrets Manager drives it: a step that fails is tried again. */
  async function turn(version: string, attempts = 5): Promise<void> {
    vault.begin(version);
    for (const step of steps) {
      for (let attempt = 1; ; attempt++) {
        try {
          await rotate(rotation(), step, version);
          break;
        } catch (fault) {
          if (attempt === attempts) throw fault;
        }
      }
    }
    vault.stages.delete("AWSPENDING");
  }
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

  describe("key administration by a lead", () => {
    const administration = () => ({
      gateway: litellm.client(),
      department: (name: string) => Promise.resolve(name === "engineering" ? state : undefined),
      startRotation: async () => turn(`v${String(Date.now())}${String(Math.random())}`),
    });
    const ask = (event: { readonly action: string; readonly developer: string }, alias = "engineering") =>
      administer(administration(), parseRequest({ department: "engineering", ...event }, alias));
    const operators = (action: string) => ask({ action, developer: "tanaka" }, "_operators");
    const reconcile = (declared = state) =>
      reconcileDepartment(litellm.client(), declaredPlatform(), declared, new Date(), () => undefined);

    it("takes the department from the alias it was invoked by, and refuses without one", () => {
      const arn = "arn:aws:lambda:ap-northeast-1:111122223333:function:example-platform-key-admin";
      for (const alias of ["engineering", "_operators"]) assert.equal(aliasOf(`${arn}:${alias}`), alias);
      for (const other of [arn, `${arn}:$LATEST`, `${arn}:7`, `${arn}:_`, `${arn}:7up`])
        assert.throws(() => aliasOf(other), /your department's alias/);
    });

    it("logs who asks for what before it acts, and how it ended, with the id of the trail's event", async () => {
      await turn("v1");
      const lines: unknown[] = [];
      const call = (alias: string) => ({
        invokedFunctionArn: `arn:aws:lambda:ap-northeast-1:111122223333:function:example-platform-key-admin:${alias}`,
        awsRequestId: "0000-1",
      });
      const tell = (event: string, details: object) =>
        void lines.push({ event, ...details, blocked: stored(vault.current)!.blocked === true });
      const asked = { action: "block", developer: "tanaka", department: "engineering" };
      const line = { ...asked, requestId: "0000-1" };
      const lead = { ...line, alias: "engineering", by: "lead" };
      await serve(administration(), asked, call("engineering"), tell);
      assert.deepEqual(lines.splice(0), [
        { event: "key administration asked", ...lead, blocked: false },
        { event: "key administered", ...lead, blocked: true },
      ]);
      await serve(administration(), { ...asked, action: "status" }, call("_operators"), tell);
      const status = { ...line, action: "status", alias: "_operators", by: "operators", blocked: true };
      assert.deepEqual(lines.splice(0), [
        { event: "key administration asked", ...status },
        { event: "key administered", ...status },
      ]);
      await assert.rejects(serve(administration(), asked, call("design"), tell));
      const design = { ...lead, alias: "design", department: "design", blocked: true };
      assert.deepEqual(lines, [
        { event: "key administration asked", ...design },
        {
          event: "key administration failed",
          ...design,
          fault: "developer: tanaka is not declared in stacks/Pulumi.design.yaml",
        },
      ]);
    });

    it("takes neither another department's developer nor a department from the request", async () => {
      await turn("v1");
      await assert.rejects(
        ask({ action: "block", developer: "tanaka" }, "design"),
        /tanaka is not declared in stacks\/Pulumi\.design/,
      );
      const asked = { action: "block", developer: "tanaka", department: "engineering", byOperators: true };
      assert.deepEqual(parseRequest(asked, "design"), { ...asked, department: "design", byOperators: false });
      assert.throws(
        () => parseRequest({ action: "delete", developer: "A" }, "design"),
        /action: found "delete".*\ndeveloper: /,
      );
      assert.throws(() => parseRequest({ action: "block", developer: "tanaka" }, "_operators"), /department: allowed/);
    });

    it("blocks until unblocked, over a rotation and a reconciliation", async () => {
      await turn("v1");
      const [status] = await ask({ action: "block", developer: "tanaka" });
      assert.equal(status!.blocked, true);
      await turn("v2");
      await reconcileDepartment(litellm.client(), declaredPlatform(), state, new Date(), () => undefined);
      assert.equal(litellm.working("tanaka").length, 0);
      await ask({ action: "unblock", developer: "tanaka" });
      assert.equal(litellm.working("tanaka").length, 2);
      assert.equal(stored(vault.current)!.metadata["blockedBy"], undefined);
    });

    it("leaves a block that somebody else set to them", async () => {
      await turn("v1");
      const { metadata: known } = stored(vault.current)!;
      Object.assign(stored(vault.current)!, { blocked: true, metadata: { ...known, blockedBy: "security" } });
      await assert.rejects(ask({ action: "unblock", developer: "tanaka" }), /blocked by security: only they lift it/);
      await ask({ action: "block", developer: "tanaka" });
      await assert.rejects(ask({ action: "unblock", developer: "tanaka" }), /blocked by security/);
      assert.deepEqual(
        [stored(vault.current)!.blocked, stored(vault.current)!.metadata["blockedBy"]],
        [true, "security"],
      );
    });

    describe("of somebody whom operators blocked", () => {
      beforeEach(async () => {
        await turn("v1");
        const [status] = await operators("block");
        assert.deepEqual([status!.blocked, status!.blockedBy], [true, "the infrastructure team"]);
      });
      const refused = (action: string) =>
        assert.rejects(ask({ action, developer: "tanaka" }), /blocked by the infrastructure team: only they lift it/);
      const blocked = () => assert.equal(litellm.working("tanaka").length, 0);

      it("neither unblocks nor revokes, and a block of their own changes nothing", async () => {
        await refused("unblock");
        await refused("revoke");
        await ask({ action: "block", developer: "tanaka" });
        await refused("unblock");
        blocked();
      });

      it("makes no key that works: by rotation, or by a key's end that nobody recorded", async () => {
        await ask({ action: "rotate", developer: "tanaka" });
        blocked();
        litellm.keys.clear();
        await turn("v3");
        blocked();
        await refused("unblock");
      });

      it("wins nothing by a line that is taken out and comes back, and by new limits", async () => {
        const { developers, ...rest } = state;
        await reconcile({
          ...rest,
          monthlyBudgetUsd: 2900,
          developers: developers.filter(({ id }) => id !== "tanaka"),
        });
        assert.deepEqual(await litellm.client().keysOfUser("engineering", "tanaka"), []);
        await reconcile();
        vault = new FakeVault(vault.name);
        await turn("v1");
        blocked();
        await refused("unblock");
      });

      it("finds a key blocked that was made meanwhile", async () => {
        vault.begin("v2");
        await rotate(rotation(), "createSecret", "v2");
        Object.assign(stored(vault.values.get("v2"))!, { blocked: false, metadata: {} });
        await rotate(rotation(), "setSecret", "v2");
        blocked();
        Object.assign(stored(vault.current)!, { blocked: false });
        await reconcile();
        blocked();
      });

      it("goes on once operators have lifted it", async () => {
        await operators("unblock");
        assert.equal(litellm.working("tanaka").length, 1);
        assert.equal(await reconcile(), 0);
        await turn("v2");
        assert.equal(litellm.working("tanaka").length, 2);
        await ask({ action: "block", developer: "tanaka" });
        await ask({ action: "unblock", developer: "tanaka" });
        assert.equal(litellm.working("tanaka").length, 2);
      });
    });

    it("revokes every key at once and makes a new one", async () => {
      await turn("v1");
      await turn("v2");
      const before = vault.current;
      const keys = await ask({ action: "revoke", developer: "tanaka" });
      assert.equal(keys.length, 1);
      assert.equal(stored(before), undefined);
      assert.deepEqual(await litellm.client(vault.current).models(), ["light", "standard", "strong"]);
    });

    it("does not unblock who has no share", async () => {
      state = declaredDepartment({ "cline:department": { developers: { tanaka: { monthlyBudgetUsd: 0 } } } });
      await turn("v1");
      assert.equal(stored(vault.current)!.blocked, true);
      await assert.rejects(ask({ action: "unblock", developer: "tanaka" }), /give a share first/);
    });
  });
});
