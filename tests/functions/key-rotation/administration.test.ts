import assert from "node:assert/strict";
import { reconcileDepartment } from "../../../functions/access-reconciler/reconcile";
import { administer } from "../../../functions/key-admin/administer";
import { serve } from "../../../functions/key-admin/serve";
import { aliasOf, parseRequest } from "../../../functions/key-admin/request";
import { rotate, type Rotation } from "../../../functions/key-rotation/rotate";
import { tokenOf } from "../../../functions/shared/litellm";
import type { DepartmentState } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeLiteLLM } from "../../support/litellm";
import { FakeVault, rotationOf, turned } from "./rotation";

describe("key administration by a lead", () => {
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
