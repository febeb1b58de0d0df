import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { rotate, type Rotation } from "../../functions/key-rotation/rotate";
import { vaultOf } from "../../functions/key-rotation/vault";
import { operatorsAlias, platformState, type DepartmentState } from "../../config";
import { Client, useClient } from "./support/client";
import { departmentState, onboard, up } from "./support/departments";
import { askKeyAdmin, KeySecret, steps } from "./support/functions";
import { world } from "./support/hooks";

class Killed extends Error {}

/** Counts calls, and dies before or after one of them. */
class Mortality {
  calls = 0;

  constructor(
    private readonly at = 0,
    private readonly when: "before" | "after" = "before",
  ) {}

  /** The same object, each of whose calls may be the last. */
  over<T extends object>(mortal: T): T {
    return new Proxy(mortal, {
      get: (target, name) => {
        const found = Reflect.get(target, name) as unknown;
        if (typeof found !== "function") return found;
        return async (...args: unknown[]) => {
          const own = ++this.calls;
          if (own === this.at && this.when === "before") throw new Killed();
          const result = await (found as (...all: unknown[]) => Promise<unknown>).apply(target, args);
          if (own === this.at) throw new Killed();
          return result;
        };
      },
    });
  }
}

describe("rotation of virtual keys", () => {
  const client = useClient(world);

  const works = async (key: string) => (await client.chat({ key })).status === 200;

  function rotationOf(state: DepartmentState, secret: KeySecret, mortality: Mortality): Rotation {
    return {
      vault: mortality.over(vaultOf(world().secrets, secret.name)),
      gateway: mortality.over(world().litellm()),
      gatewayAs: (key) => mortality.over(world().litellm(key)),
      organization: world().organization,
      platform: () => Promise.resolve(platformState(world().spec)),
      department: () => Promise.resolve(state),
      now: () => new Date(),
    };
  }

  it("fails none of 1,000 requests while the keys rotate three times", async () => {
    const people = ["a", "b", "c", "d"];
    const state = departmentState("rotating", Object.fromEntries(people.map((id) => [id, {}])));
    await onboard(world(), state);
    const failed: string[] = [];
    let done = 0;
    const work = people.map(async (id) => {
      const secret = new KeySecret(world(), "rotating", id);
      let key = "";
      for (let call = 0; call < 250; call++) {
        // As a workspace does: the key is read now and then, and used for a while whatever happens meanwhile.
        if (call % 40 === 0) key = await secret.key();
        const answer = await client.chat({ key, stream: call % 2 === 0 });
        if (answer.status !== 200) failed.push(Client.words(answer));
        done++;
      }
    });
    const rotations = people.map(async (id) => {
      for (const part of [150, 450, 750]) {
        while (done < part) await sleep(50);
        await new KeySecret(world(), "rotating", id).rotate();
      }
    });
    await Promise.all([...work, ...rotations]);
    assert.equal(done, 1000);
    assert.deepEqual(failed, []);
  });

  it("killed before or after any of its calls leaves one current key, the one before it, and no other", async () => {
    const state = departmentState("killed", { a: {} });
    await onboard(world(), state);
    const secret = new KeySecret(world(), "killed", "a");

    const run = async (mortality: Mortality) => {
      const version = await secret.begin();
      for (const step of steps) await rotate(rotationOf(state, secret, mortality), step, version);
    };
    const whole = new Mortality();
    await run(whole);
    assert.ok(whole.calls > 12, `${whole.calls} calls`);

    for (let at = 1; at <= whole.calls; at++) {
      for (const when of ["before", "after"] as const) {
        const where = `killed ${when} call ${at}`;
        const held = await secret.key();
        await assert.rejects(run(new Mortality(at, when)), Killed, where);
        assert.ok(await works(held), `${where}: the key that the workspace holds stopped working`);
        // Secrets Manager tries again, or the next rotation comes.
        await run(new Mortality());
        const current = await secret.key();
        assert.notEqual(current, held, where);
        assert.ok(await works(current), where);
        const { current: is, previous: was } = await secret.versions();
        const known = (await world().litellm().keysOfUser("killed", "a")).map(({ key_alias }) => key_alias).sort();
        assert.deepEqual(known, [`killed/a/${is!}`, `killed/a/${was!}`].sort(), where);
      }
    }
  });

  it("ends the key before the one before at once, and gives the old one an end", async () => {
    const state = departmentState("overlap", { a: {} });
    const first = (await onboard(world(), state))["a"]!;
    const secret = new KeySecret(world(), "overlap", "a");
    const second = await secret.rotate();
    assert.deepEqual([await works(first), await works(second)], [true, true]);
    const third = await secret.rotate();
    await sleep(6000);
    assert.deepEqual([await works(first), await works(second), await works(third)], [false, true, true]);
    const { previous } = await secret.versions();
    const old = (await world().litellm().keysOfUser("overlap", "a")).find(({ key_alias }) =>
      key_alias?.endsWith(previous!),
    );
    const hours = (Date.parse(old?.expires ?? "") - Date.now()) / 3_600_000;
    assert.ok(hours > 23 && hours <= 24, `${hours} hours`);
  });

  it("gives no new budget: what a developer has spent counts on with the new key", async () => {
    const state = departmentState("spent", { a: { monthlyBudgetUsd: 0.02 } }, { monthlyBudgetUsd: 0.02 });
    const key = (await onboard(world(), state))["a"]!;
    const costly = { model: "light", more: { max_tokens: 5000 } };
    world().bedrock.answer = () => ({ outputTokens: 5000 });
    try {
      assert.equal((await client.chat({ key, ...costly })).status, 200);
      await sleep(2000);
      assert.equal((await client.chat({ key, ...costly })).status, 422);
      const next = await new KeySecret(world(), "spent", "a").rotate();
      assert.equal((await client.chat({ key: next, ...costly })).status, 422);
    } finally {
      world().bedrock.answer = () => ({});
    }
  });

  it("keeps a lead's block over a rotation, and lifts it when the lead does", async () => {
    const state = departmentState("blocked", { a: {} });
    await onboard(world(), state);
    const secret = new KeySecret(world(), "blocked", "a");
    await askKeyAdmin("blocked", "block", "a");
    const next = await secret.rotate();
    assert.equal(await works(next), false);
    await up(world(), state);
    assert.equal(await works(next), false, "the reconciler lifted a lead's block");
    await askKeyAdmin("blocked", "unblock", "a");
    assert.equal(await works(next), true);
  });

  it("keeps a block of operators over a new line, new limits and whatever a lead asks, until they lift it", async () => {
    const state = departmentState("held", { a: {}, b: {} });
    await onboard(world(), state);
    const secret = new KeySecret(world(), "held", "a");
    await askKeyAdmin("held", "block", "a", operatorsAlias);
    for (const action of ["unblock", "revoke"])
      await assert.rejects(askKeyAdmin("held", action, "a"), /blocked by the infrastructure team: only they lift it/);
    assert.equal(await works(await secret.rotate()), false);
    await up(world(), { ...state, costCenter: "CC-2000", developers: state.developers.slice(1) });
    await up(world(), state);
    const next = await secret.rotate();
    assert.equal(await works(next), false, "a line that came back made a key that works");
    await askKeyAdmin("held", "unblock", "a", operatorsAlias);
    assert.equal(await works(next), true);
  });

  it("is a lead's to ask for, in their own department only", async () => {
    await onboard(world(), departmentState("lead-a", { anna: {} }));
    await onboard(world(), departmentState("lead-b", { bert: {} }));
    await assert.rejects(askKeyAdmin("lead-a", "block", "bert"), /not declared in stacks\/Pulumi\.lead-a\.yaml/);
    const secret = new KeySecret(world(), "lead-a", "anna");
    const before = await secret.key();
    const { keys } = await askKeyAdmin("lead-a", "rotate", "anna");
    assert.equal(keys.length, 1);
    assert.notEqual(await secret.rotate(), before);
  });
});
