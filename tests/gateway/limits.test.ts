import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { reconcileDepartment } from "../../functions/access-reconciler/reconcile";
import { platformState, type DepartmentState } from "../../config";
import { Client, useClient, type Answer, type Ask } from "./support/client";
import { departmentState, onboard, profileOf, up } from "./support/departments";
import { world } from "./support/hooks";

/** A call that costs 1.1 cents on the light model inside Japan: 2,000 output tokens, as many as it asks for. */
const centAndABit = { outputTokens: 2000, text: "word ".repeat(1600) };
const asked = { max_tokens: 2000 };
const callUsd = (2000 * 5.5 + 10 * 1.1) / 1e6;

describe("budgets and limits", () => {
  const client = useClient(world);
  const ask = (more: Ask) => client.chat(more);
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
  /** Calls one after the other, with time for the spend to be counted, until one is refused. */
  async function untilRefused(key: string, most: number): Promise<{ readonly served: number; readonly last: Answer }> {
    for (let served = 0; ; served++) {
      const last = await ask({ key, more: asked });
      if (last.status !== 200 || served === most) return { served, last };
      await sleep(1000);
    }
  }
  const costly = (department: string) => world().bedrock.plan(profileOf(department, "light"), { ...centAndABit });

  it("stops a developer whose share is zero, before anything is spent", async () => {
    const state = departmentState("zero", { idle: { monthlyBudgetUsd: 0, blocked: true }, busy: {} });
    const keys = await onboard(world(), state);
    assert.deepEqual(statuses([await ask({ key: keys["idle"]! }), await ask({ key: keys["busy"]! })]), [401, 200]);
  });

  it("stops a developer over their share while colleagues go on, one call after the other", async () => {
    const state = departmentState("share", { poor: { monthlyBudgetUsd: 0.03 }, rich: { monthlyBudgetUsd: 5 } });
    const keys = await onboard(world(), state);
    costly("share");
    const { served, last } = await untilRefused(keys["poor"]!, 10);
    assert.equal(last.status, 422, Client.words(last));
    assert.match(last.text, /budget/i);
    // A call may pass while anything is left, so the last one may go over by its own cost and no more.
    assert.ok(served * callUsd <= 0.03 + callUsd && served >= 2, `${served} calls were served`);
    assert.equal((await ask({ key: keys["rich"]! })).status, 200);
  });

  it("stops a developer with ten calls in flight near the end of the share, and no colleague with them", async () => {
    const state = departmentState("flight", { poor: { monthlyBudgetUsd: 0.05 }, rich: { monthlyBudgetUsd: 5 } });
    const keys = await onboard(world(), state);
    world().bedrock.plan(profileOf("flight", "light"), { ...centAndABit, firstByteMs: 500 });
    const burst = (key: string) => Promise.all(Array.from({ length: 10 }, () => ask({ key, more: asked })));
    let served = 0;
    for (let round = 0; round < 5; round++) {
      const [poor, rich] = await Promise.all([burst(keys["poor"]!), burst(keys["rich"]!)]);
      served += poor.filter(({ status }) => status === 200).length;
      const refused = rich.filter(({ status }) => status !== 200);
      assert.deepEqual(
        refused.map((answer) => Client.words(answer)),
        [],
        "a colleague was refused",
      );
      await sleep(1000);
    }
    assert.equal((await ask({ key: keys["poor"]!, more: asked })).status, 422);
    console.info(`      ten in flight on a share of $.05: ${served} calls, $${(served * callUsd).toFixed(3)}`);
    // While anything is left, LiteLLM lets one call pass for the key and one for the member, whatever they cost.
    assert.ok(served * callUsd <= 0.05 + 2 * callUsd, `${served} calls were served, ${served * callUsd} dollars`);
  });

  it("stops a department over its cap, every developer of it and nobody else", async () => {
    const before = departmentState(
      "cap",
      { a: { monthlyBudgetUsd: 0.06 }, b: { monthlyBudgetUsd: 0.04 } },
      { monthlyBudgetUsd: 0.1 },
    );
    const other = await onboard(world(), departmentState("cap-beside", { c: {} }));
    const keys = await onboard(world(), before);
    costly("cap");
    for (let call = 0; call < 4; call++) assert.equal((await ask({ key: keys["a"]!, more: asked })).status, 200);
    await sleep(2000);
    const after = departmentState(
      "cap",
      { a: { monthlyBudgetUsd: 0.02 }, b: { monthlyBudgetUsd: 0.01 } },
      { monthlyBudgetUsd: 0.03 },
    );
    await up(world(), after);
    await sleep(6000);
    assert.deepEqual(statuses([await ask({ key: keys["a"]! }), await ask({ key: keys["b"]! })]), [422, 422]);
    assert.equal((await ask({ key: other["c"]! })).status, 200);
  });

  it("lets a department go on with an extra budget, until its date and no longer", async () => {
    const state: DepartmentState = departmentState(
      "extra",
      { a: { monthlyBudgetUsd: 0.02 } },
      { monthlyBudgetUsd: 0.02 },
    );
    const platform = platformState(world().spec);
    const extra = { department: "extra", amountUsd: 5, reason: "migration", approvedBy: "mori", until: "2026-12-31" };
    const keys = await onboard(world(), state);
    costly("extra");
    assert.equal((await untilRefused(keys["a"]!, 5)).last.status, 422);

    const on = (today: string) =>
      reconcileDepartment(
        world().litellm(),
        { ...platform, extraBudgets: [extra] },
        state,
        new Date(`${today}T12:00:00Z`),
        () => undefined,
      );
    await on("2026-12-31");
    await sleep(6000);
    assert.equal((await ask({ key: keys["a"]! })).status, 200);
    await on("2027-01-01");
    await sleep(6000);
    assert.equal((await ask({ key: keys["a"]! })).status, 422);
  });

  for (const [limit, limits, more] of [
    ["requests", { rpm: 3 }, {}],
    ["tokens", { tpm: 3000 }, { max_tokens: 900 }],
  ] as const) {
    it(`answers 429 with a retry-after beyond the ${limit} a minute of a developer, and of a department`, async () => {
      const name = `per-minute-${limit}`;
      // As many tokens as asked for: what is reserved and not used comes back at once.
      const whole = { outputTokens: 900, text: "word ".repeat(800) };
      for (const department of [name, `${name}-all`]) world().bedrock.plan(profileOf(department, "light"), whole);
      const keys = await onboard(world(), departmentState(name, { slow: limits, quick: {} }));
      const calls = await Promise.all(Array.from({ length: 8 }, () => ask({ key: keys["slow"]!, more })));
      const refused = calls.filter(({ status }) => status === 429);
      assert.deepEqual([...new Set(statuses(calls))].sort(), [200, 429]);
      assert.ok(calls.length - refused.length <= 3, `${calls.length - refused.length} were served`);
      for (const { headers } of refused) assert.match(String(headers["retry-after"]), /^[1-9]\d*$/);
      assert.equal((await ask({ key: keys["quick"]!, more })).status, 200);

      const all = await onboard(world(), departmentState(`${name}-all`, { a: limits, b: limits }, limits));
      const both = await Promise.all(
        Array.from({ length: 8 }, (_, at) => ask({ key: all[at % 2 === 0 ? "a" : "b"]!, more })),
      );
      const served = both.filter(({ status }) => status === 200).length;
      assert.ok(served <= 3, `${served} were served`);
      assert.ok(both.filter(({ status }) => status === 429).length >= 5);
    });
  }

  it("answers with a model of the list only: neither asked for nor as a fallback", async () => {
    const keys = await onboard(
      world(),
      departmentState("models", { a: { models: ["strong"] }, b: { models: ["light", "strong"] } }),
    );
    const { bedrock } = world();
    for (const model of ["light", "standard"]) {
      const answer = await ask({ key: keys["a"]!, model });
      assert.ok([401, 403].includes(answer.status), Client.words(answer));
    }
    assert.ok((await ask({ key: keys["a"]!, model: "no-such" })).status >= 400);
    bedrock.plan(profileOf("models", "strong"), { failure: { error: "ThrottlingException" } });
    const before = bedrock.requests.length;
    assert.equal((await ask({ key: keys["a"]!, model: "strong" })).status, 429);
    const fell = await ask({ key: keys["b"]!, model: "strong" });
    assert.equal(fell.status, 200, Client.words(fell));
    const used = new Set(bedrock.requests.slice(before).map(({ model }) => model));
    assert.deepEqual(used, new Set([profileOf("models", "strong"), profileOf("models", "light")]));
  });
});
