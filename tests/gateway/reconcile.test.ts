import assert from "node:assert/strict";
import type { StoredMember } from "../../functions/shared/litellm-types";
import { platformState } from "../../config";
import { useClient } from "./support/client";
import { departmentState, onboard, up } from "./support/departments";
import { reconciler } from "./support/functions";
import { world } from "./support/hooks";

const departments = 20;
const developersEach = 50;

/** A team's members besides the one that LiteLLM puts into each. */
const peopleOf = ({ members }: { readonly members: readonly StoredMember[] }) =>
  members
    .map(({ user_id }) => user_id)
    .filter((id) => id !== "default_user_id")
    .sort();

describe("the access reconciler", () => {
  const client = useClient(world);

  it("repairs a drift made by hand, at the next run", async () => {
    const state = departmentState("drift", { a: { rpm: 20 }, b: {} }, { monthlyBudgetUsd: 40 });
    const keys = await onboard(world(), state);
    const litellm = world().litellm();
    const [key] = await litellm.keysOfUser("drift", "a");
    await litellm.updateKey(key!.token, { models: ["light", "standard", "strong"], max_budget: 9999, rpm_limit: 9999 });
    const { team } = (await litellm.team("drift"))!;
    const { team_id, team_alias, models, budget_duration, rpm_limit, metadata } = team;
    const wide = { max_budget: 9999, tpm_limit: 1, blocked: false };
    await litellm.updateTeam({ team_id, team_alias, models, budget_duration, rpm_limit, metadata, ...wide });
    await litellm.removeMember("drift", "b");
    const drifted = await up(world(), state);
    assert.ok(drifted.writes > 0);
    const [repaired] = await litellm.keysOfUser("drift", "a");
    assert.equal(repaired!.max_budget, 20);
    assert.equal(repaired!.rpm_limit, 20);
    const found = (await litellm.team("drift"))!;
    assert.equal(found.team.max_budget, 40);
    assert.equal(found.team.tpm_limit, state.tpm);
    assert.deepEqual(peopleOf(found), ["a", "b"]);
    assert.equal((await up(world(), state)).writes, 0);
    assert.equal((await client.chat({ key: keys["a"]! })).status, 200);
  });

  it("refuses what exceeds a cap, with its path, and changes nothing", async () => {
    const capped = { ...platformState(world().spec) };
    const state = departmentState("greedy", { a: {} }, { monthlyBudgetUsd: capped.caps.default.monthlyBudgetUsd + 1 });
    await assert.rejects(
      up(world(), state),
      /stacks\/Pulumi\.greedy\.yaml {2}cline:department\.monthlyBudgetUsd: found 1001; allowed at most 1000/,
    );
    assert.equal(await world().litellm().team("greedy"), undefined);
    await world().withdraw("greedy");
  });

  it("is safe to run twice at a time", async () => {
    const state = departmentState("twice", Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, {}])));
    await Promise.all([up(world(), state), up(world(), state)]);
    // LiteLLM keeps a team's members in one list, in which one of two writers at a time may be lost: the next run repairs it.
    await up(world(), state);
    assert.equal((await up(world(), state)).writes, 0);
    const found = (await world().litellm().team("twice"))!;
    assert.equal(peopleOf(found).length, 10);
  });

  it(`brings ${departments} departments with ${departments * developersEach} developers in from nothing, and again without a write`, async () => {
    const states = Array.from({ length: departments }, (_, at) =>
      departmentState(
        `many-${at}`,
        Object.fromEntries(Array.from({ length: developersEach }, (_, nth) => [`m${at}-${nth}`, {}])),
        { monthlyBudgetUsd: 100 },
      ),
    );
    for (const state of states) await world().declare(state);
    const timed = async () => {
      const started = performance.now();
      const outcome = await reconciler().handler({});
      return { ...outcome, seconds: (performance.now() - started) / 1000 };
    };
    const first = await timed();
    const second = await timed();
    for (const [name, { calls, writes, seconds }] of Object.entries({
      "from nothing": first,
      "with no change": second,
    })) {
      console.info(`      ${name}: ${seconds.toFixed(1)} s, ${calls} calls, ${writes} of them writes`);
    }
    assert.equal(second.writes, 0);
    assert.ok(second.calls <= 3 * second.departments + 10, `${second.calls} calls`);
    const found = (await world().litellm().team("many-7"))!;
    assert.equal(peopleOf(found).length, developersEach);
    for (const { department } of states) await world().withdraw(department);
  });
});
