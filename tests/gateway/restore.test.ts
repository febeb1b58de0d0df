import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { tokenOf } from "../../functions/shared/litellm";
import type { DepartmentState } from "../../config";
import { backUp, restore } from "./support/backup";
import { useClient } from "./support/client";
import { departmentState, onboard, profileOf, up } from "./support/departments";
import { askKeyAdmin, KeySecret, reconciler } from "./support/functions";
import { world } from "./support/hooks";
import { answeredUsd, sameUsd, settled, spendIn } from "./support/load";
import { redisSays } from "./support/redis";

const input = { inputTokens: 1000 };
const outputTokens = 40;

/** What happens to each after the backup. */
const people = {
  alma: { monthlyBudgetUsd: 10 },
  /** Rotates once. */
  ben: { monthlyBudgetUsd: 10 },
  /** Rotates twice. */
  cora: { monthlyBudgetUsd: 10 },
  /** The lead revokes the key, and the new one is made. */
  dirk: { monthlyBudgetUsd: 10 },
  /** Leaves the stack file. */
  ella: { monthlyBudgetUsd: 10 },
  /** The lead blocks the key. */
  finn: { monthlyBudgetUsd: 10 },
  /** Was blocked before the backup; rotates. */
  greta: { monthlyBudgetUsd: 10 },
} as const;
type Person = keyof typeof people | "hugo";

describe("the gateway's database restored from a backup", () => {
  const client = useClient(world);

  const status = async (key: string) => (await client.chat({ key })).status;
  const secretOf = (person: Person) => new KeySecret(world(), "restored", person);
  const redis = (...words: string[]) => redisSays(world().redis, world().certificates, ...words);

  it("is as it was then; after the runbook every developer's key works again, and none that had been revoked", async () => {
    const { bedrock, gateways } = world();
    const state = departmentState("restored", people, { monthlyBudgetUsd: 100 });
    const first = await onboard(world(), state);
    for (const tier of state.models) bedrock.plan(profileOf("restored", tier), { input, outputTokens });
    for (const key of Object.values(first)) assert.equal(await status(key), 200);
    await askKeyAdmin("restored", "block", "greta");
    await reconciler().handler({});
    const usd = () => answeredUsd(world(), "restored", input.inputTokens, outputTokens);
    const then = await settled(world(), "restored", usd);
    assert.ok(sameUsd(then.spend.logs, then.usd), "spend was not written before the backup");
    const file = backUp(world());

    // After the backup.
    const revoked: Record<string, string> = {};
    assert.equal(await status(first["alma"]!), 200);
    await secretOf("ben").rotate();
    await secretOf("cora").rotate();
    revoked["cora's, which two rotations had replaced"] = first["cora"]!;
    await secretOf("cora").rotate();
    await askKeyAdmin("restored", "revoke", "dirk");
    await secretOf("dirk").rotate();
    revoked["dirk's, which the lead had revoked"] = first["dirk"]!;
    const { ella: _gone, ...others } = people;
    const declared: DepartmentState = departmentState(
      "restored",
      { ...others, ben: { monthlyBudgetUsd: 25 }, hugo: { monthlyBudgetUsd: 10 } },
      { monthlyBudgetUsd: 120 },
    );
    await up(world(), declared);
    revoked["ella's, who had left"] = first["ella"]!;
    const newcomer = secretOf("hugo");
    await newcomer.create();
    await newcomer.rotate();
    await askKeyAdmin("restored", "block", "finn");
    await secretOf("greta").rotate();
    await sleep(6000);
    for (const [whose, key] of Object.entries(revoked)) assert.equal(await status(key), 401, whose);

    const began = performance.now();
    const since = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    // What the tasks share is forgotten by itself within minutes, but for what they still had to write. TTL is -2 for a key that has just expired.
    const lasting = redis("--raw", "KEYS", "*")
      .split("\n")
      .filter((key) => key !== "" && Number(redis("TTL", key)) === -1);
    assert.deepEqual(
      lasting.filter((key) => !/^litellm_\w+_buffer(_v\d+)?$/.test(key) && !key.startsWith("cline:{")),
      [],
    );
    redis("FLUSHALL");
    await restore(world(), file);
    await Promise.all(gateways.map((gateway) => gateway.server.restart()));
    console.info(`      restored and started in ${since()}`);

    // As it was: spend, budgets, and keys, those that had been revoked among them.
    assert.deepEqual(spendIn(world(), "restored"), then.spend);
    const litellm = world().litellm();
    const found = (await litellm.team("restored"))!;
    assert.equal(found.team.max_budget, 100);
    const known = async (key: string) => (await litellm.keyInfo(tokenOf(key))) !== undefined;
    for (const key of Object.values(first)) assert.ok(await known(key));
    for (const person of ["ben", "cora", "dirk", "hugo", "greta"] as const)
      assert.equal(await known(await secretOf(person).key()), false, person);
    for (const [whose, key] of Object.entries(revoked)) assert.equal(await status(key), 200, whose);

    // The runbook's steps.
    await reconciler().handler({});
    assert.equal(await status(first["ella"]!), 401);
    for (const { id } of declared.developers) await secretOf(id as Person).rotate();
    await askKeyAdmin("restored", "block", "finn");
    await sleep(6000);
    console.info(`      all well in ${since()}`);

    for (const { id } of declared.developers) {
      const expected = id === "finn" || id === "greta" ? 401 : 200;
      assert.equal(await status(await secretOf(id as Person).key()), expected, id);
    }
    for (const [whose, key] of Object.entries(revoked)) assert.equal(await status(key), 401, whose);
    for (const person of ["finn", "greta"]) assert.equal(await status(first[person]!), 401, person);
    const after = (await litellm.team("restored"))!;
    assert.equal(after.team.max_budget, 120);
    assert.equal(after.members.find(({ user_id }) => user_id === "ben")?.litellm_budget_table?.max_budget, 25);
    assert.equal((await up(world(), declared)).writes, 0);
    // What people had spent by then counts on.
    const spent = Object.fromEntries(after.members.map(({ user_id, spend }) => [user_id, spend ?? 0]));
    for (const person of ["alma", "ben", "dirk"]) assert.ok(spent[person]! > 0, person);
    assert.equal(await status(await secretOf("alma").key()), 200);
  });
});
