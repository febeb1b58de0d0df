import assert from "node:assert/strict";
import { handler } from "../../../functions/access-reconciler/handler";
import {
  canaryTeam,
  closeDepartment,
  ensureCanary,
  reconcileDepartment,
} from "../../../functions/access-reconciler/reconcile";
import { dayOf, planKey, planTeam } from "../../../functions/shared/entitlements";
import { tokenOf } from "../../../functions/shared/litellm";
import type { DepartmentState, PlatformState } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";
import { FakeLiteLLM } from "../../support/litellm";

const now = new Date("2026-11-22T12:00:00Z");
const people = (developers: Record<string, unknown>) => ({ "cline:department": { developers } });

describe("access reconciler", () => {
  let litellm: FakeLiteLLM;
  let told: string[];
  beforeEach(async () => {
    litellm = await new FakeLiteLLM().start();
    told = [];
  });
  afterEach(() => litellm.stop());

  const run = (state: DepartmentState, platform: PlatformState = declaredPlatform(), at = now) =>
    reconcileDepartment(litellm.client(), platform, state, at, (what, details) => {
      told.push(`${what}: ${String(details["subject"])}`);
    });
  const keyFor = async (state: DepartmentState, id: string, name = "v1") => {
    const developer = state.developers.find((one) => one.id === id)!;
    return litellm.client().createKey(planKey(declaredPlatform(), state, developer, dayOf(now), name));
  };
  const member = (id: string) => litellm.members.get("engineering")!.get(id)!;

  it("calls nobody when the stack that ends a department's keys is made or changed", async () => {
    for (const action of ["create", "update"] as const) {
      const outcome = await handler({ ends: "engineering", tf: { action } });
      assert.deepEqual(outcome, { departments: 0, changes: 0, calls: 0, writes: 0 });
    }
  });

  it("makes team and members from nothing, and changes nothing the second time", async () => {
    const state = declaredDepartment();
    assert.equal(await run(state), 3);
    const team = litellm.teams.get("engineering")!;
    assert.equal(team["max_budget"], 3000);
    assert.deepEqual((team["metadata"] as Record<string, unknown>)["profiles"], state.profiles);
    assert.equal(member("suzuki").litellm_budget_table["max_budget"], 300);
    assert.equal(member("tanaka").litellm_budget_table["max_budget"], 2700);
    assert.deepEqual(told, [
      "team made: engineering",
      "member added: engineering/suzuki",
      "member added: engineering/tanaka",
    ]);

    await keyFor(state, "tanaka");
    litellm.calls.length = 0;
    assert.equal(await run(state), 0);
    assert.deepEqual(litellm.writes, []);
  });

  it("gives a team that another run has made meanwhile the declared settings", async () => {
    const state = declaredDepartment();
    await run(state);
    const settings = planTeam(declaredPlatform(), state, dayOf(now));
    litellm.teams.set("engineering", { ...litellm.teams.get("engineering")!, max_budget: 1 });
    await litellm.client().createTeam(settings);
    assert.equal(litellm.teams.get("engineering")!.max_budget, settings.max_budget);
  });

  it("writes nothing where the database keeps fields in its own order", async () => {
    const state = declaredDepartment();
    await run(state);
    const reversed = (fields: unknown) => Object.fromEntries(Object.entries(fields as object).reverse());
    const team = litellm.teams.get("engineering")!;
    const metadata = team["metadata"] as Record<string, unknown>;
    team["metadata"] = reversed({ ...metadata, profiles: reversed(metadata["profiles"]) });
    assert.equal(await run(state), 0);
  });

  it("repairs drift made by hand: team, member and key", async () => {
    const state = declaredDepartment();
    await run(state);
    const token = tokenOf(await keyFor(state, "tanaka"));
    Object.assign(litellm.teams.get("engineering")!, { max_budget: 99_999 });
    member("suzuki").litellm_budget_table["allowed_models"] = ["light", "standard", "strong"];
    Object.assign(litellm.keys.get(token)!, { max_budget: 99_999, metadata: { priority: "high", team: "kept" } });
    assert.equal(await run(state), 3);
    assert.equal(litellm.teams.get("engineering")!["max_budget"], 3000);
    assert.deepEqual(member("suzuki").litellm_budget_table["allowed_models"], ["light", "standard"]);
    assert.equal(litellm.keys.get(token)!.max_budget, 2700);
    assert.equal(litellm.keys.get(token)!.metadata["team"], "kept");
    assert.equal(await run(state), 0);
  });

  it("refuses what exceeds the cap, with every path, and writes nothing", async () => {
    const state = { ...declaredDepartment(), monthlyBudgetUsd: 5000, rpm: 9999 };
    await assert.rejects(run(state), (fault: Error) => {
      assert.match(
        fault.message,
        /stacks\/Pulumi\.engineering\.yaml {2}cline:department\.monthlyBudgetUsd: found 5000; allowed at most 4000/,
      );
      assert.match(fault.message, /cline:department\.rpm: found 9999; allowed at most 1500/);
      return true;
    });
    assert.deepEqual(litellm.calls, []);
  });

  it("takes from people who left before it gives to others: block, then delete, then remove", async () => {
    const before = declaredDepartment();
    await run(before);
    const token = tokenOf(await keyFor(before, "suzuki"));
    litellm.calls.length = 0;
    await run(declaredDepartment(people({ suzuki: undefined, mori: {} })));
    assert.deepEqual(litellm.writes, [
      "POST /key/block",
      "POST /key/delete",
      "POST /team/member_delete",
      // Who stays has less than before, which goes before what the newcomer gets.
      "POST /team/member_update",
      "POST /user/new",
      "POST /team/member_add",
      "POST /team/member_update",
    ]);
    assert.equal(litellm.keys.has(token), false);
  });

  it("blocks the keys of a zero share, and lifts no block that a person set", async () => {
    const state = declaredDepartment();
    await run(state);
    const [suzuki, tanaka] = [tokenOf(await keyFor(state, "suzuki")), tokenOf(await keyFor(state, "tanaka"))];
    Object.assign(litellm.keys.get(tanaka)!, {
      blocked: true,
      metadata: { ...litellm.keys.get(tanaka)!.metadata, blockedBy: "lead of engineering" },
    });
    await run(declaredDepartment(people({ suzuki: { monthlyBudgetUsd: 0 } })));
    assert.equal(litellm.keys.get(suzuki)!.blocked, true);
    assert.equal(litellm.keys.get(tanaka)!.blocked, true);
    await run(state);
    assert.equal(litellm.keys.get(suzuki)!.blocked, false);
    assert.equal(litellm.keys.get(tanaka)!.blocked, true);
  });

  it("adds an extra budget to department and people until the end of its last day, by the clock alone", async () => {
    const extra = { department: "engineering", amountUsd: 300, reason: "r", approvedBy: "mori", until: "2026-12-31" };
    const platform = { ...declaredPlatform(), extraBudgets: [extra] };
    const state = declaredDepartment();
    await run(state, platform, new Date("2026-12-31T23:59:59Z"));
    assert.equal(litellm.teams.get("engineering")!["max_budget"], 3300);
    assert.equal(member("suzuki").litellm_budget_table["max_budget"], 330);
    await run(state, platform, new Date("2027-01-01T00:00:00Z"));
    assert.equal(litellm.teams.get("engineering")!["max_budget"], 3000);
    assert.equal(member("suzuki").litellm_budget_table["max_budget"], 300);
  });

  it("resets the spend of a member whose reset LiteLLM has forgotten", async () => {
    const state = declaredDepartment();
    await run(state);
    member("suzuki").spend = 250;
    member("suzuki").litellm_budget_table["budget_reset_at"] = "2026-11-01T00:00:00Z";
    assert.equal(await run(state), 1);
    assert.equal(member("suzuki").spend, 0);
  });

  it("leaves nothing wider than declared or before, wherever it fails, and ends right when repeated", async () => {
    const narrow = declaredDepartment(people({ suzuki: { monthlyBudgetUsd: 100, models: ["light"] }, abe: {} }));
    for (const way of ["before", "after"] as const) {
      for (let at = 1; ; at++) {
        const one = await new FakeLiteLLM().start();
        const run = (state: DepartmentState) =>
          reconcileDepartment(one.client(), declaredPlatform(), state, now, () => undefined);
        const wide = declaredDepartment();
        await run(wide);
        const suzuki = wide.developers.find(({ id }) => id === "suzuki")!;
        const key = await one.client().createKey(planKey(declaredPlatform(), wide, suzuki, dayOf(now), "v1"));
        one.calls.length = 0;
        one.failure = (call) => (call === at ? way : undefined);
        const failed = await run(narrow).then(
          () => false,
          () => true,
        );
        const stored = one.keys.get(tokenOf(key))!;
        assert.ok((stored.max_budget ?? Infinity) <= 300, `${way} ${String(at)}: the key's budget grew`);
        for (const { user_id, litellm_budget_table } of one.members.get("engineering")!.values()) {
          const most = Math.max(
            ...[wide, narrow].map((state) => state.developers.find(({ id }) => id === user_id)?.monthlyBudgetUsd ?? 0),
          );
          assert.ok(Number(litellm_budget_table["max_budget"]) <= most, `${way} ${String(at)}: ${user_id} grew`);
        }
        one.failure = undefined;
        await run(narrow);
        one.calls.length = 0;
        await run(narrow);
        assert.deepEqual(one.writes, [], `${way} ${String(at)}: not at rest`);
        assert.equal(stored.max_budget, 100);
        await one.stop();
        if (!failed) break;
      }
    }
  });

  it("may run twice at a time", async () => {
    const state = declaredDepartment();
    await Promise.all([run(state), run(state)]);
    assert.equal(await run(state), 0);
    assert.equal(litellm.members.get("engineering")!.size, 2);
  });

  it("closes a department that declares nothing: no key is left, the team stays with its spend", async () => {
    const state = declaredDepartment();
    await run(state);
    await keyFor(state, "tanaka");
    assert.equal(await closeDepartment(litellm.client(), "engineering", () => undefined), 1);
    assert.equal(litellm.keys.size, 0);
    assert.equal(litellm.teams.get("engineering")!.blocked, true);
    assert.equal(await closeDepartment(litellm.client(), "engineering", () => undefined), 0);
  });

  it("makes the canary's key from its secret, once", async () => {
    const key = "sk-canary-0123456789";
    assert.equal(await ensureCanary(litellm.client(), key, tokenOf(key), () => undefined), 1);
    assert.equal(await ensureCanary(litellm.client(), key, tokenOf(key), () => undefined), 0);
    assert.deepEqual(await litellm.client(key).models(), ["light"]);
    assert.equal(litellm.teams.has(canaryTeam), true);
  });
});
