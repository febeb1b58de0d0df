import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { DepartmentState } from "../../spec";
import { keyCacheSeconds } from "../../components/gateway/bounds";
import { Client } from "./support/client";
import { departmentState, onboard, up } from "./support/departments";
import { askKeyAdmin, reconciler } from "./support/functions";
import { world } from "./support/hooks";
import { pinEach, type Pinned } from "./support/workers";

/** Seconds after a revocation's call within which every worker must refuse: the workers' cache of keys, and a second for the call itself. */
const boundSeconds = keyCacheSeconds + 1;

interface Way {
  readonly what: string;
  readonly revoke: (state: DepartmentState) => Promise<unknown>;
}

const without = (state: DepartmentState): DepartmentState => ({ ...state, developers: state.developers.slice(1) });

const ways: readonly Way[] = [
  { what: "a lead's block", revoke: ({ department }) => askKeyAdmin(department, "block", "anna") },
  { what: "a lead's revocation", revoke: ({ department }) => askKeyAdmin(department, "revoke", "anna") },
  { what: "a line taken out of the stack file", revoke: (state) => up(world(), without(state)) },
  {
    what: "a share set to zero",
    revoke: (state) =>
      up(world(), {
        ...state,
        developers: state.developers.map((one) =>
          one.id === "anna" ? { ...one, monthlyBudgetUsd: 0, blocked: true } : one,
        ),
      }),
  },
  {
    what: "a department that declares nothing any more",
    revoke: async ({ department }) => {
      await world().withdraw(department);
      await reconciler().handler({});
    },
  },
];

describe("revocation on every worker", () => {
  let pinned: Pinned[] = [];
  let client: Client;

  before(async () => {
    client = new Client(world());
    pinned = (await Promise.all(world().gateways.map(pinEach))).flat();
    assert.equal(pinned.length, 4);
  });
  after(() => {
    for (const { agent } of pinned) agent.destroy();
    client.close();
  });

  for (const [at, { what, revoke }] of ways.entries()) {
    it(`is complete within ${boundSeconds} s after ${what}`, async () => {
      const state = departmentState(`revoked-${at}`, { anna: {}, bert: {} });
      const { anna, bert } = (await onboard(world(), state)) as { anna: string; bert: string };
      const ask = ({ gateway, agent }: Pinned, key: string) => client.chat({ key, url: gateway.url, agent });
      // Every worker knows the key, and keeps knowing it while it is revoked.
      for (const pin of pinned) assert.equal((await ask(pin, anna)).status, 200);
      let revoking = true;
      const lastServed = pinned.map(async (pin) => {
        let last = 0;
        for (let refusals = 0; revoking || refusals < 20; await sleep(50)) {
          const { status } = await ask(pin, anna);
          if (status === 200) last = performance.now();
          refusals = status === 200 ? 0 : refusals + 1;
          if (!revoking && performance.now() - called > 70_000) break;
        }
        return last;
      });
      let called = performance.now();
      await revoke(state);
      revoking = false;
      const done = performance.now();
      called = done;
      const worst = Math.max(...(await Promise.all(lastServed))) - done;
      console.info(
        `      ${what}: the last answer came ${(Math.max(0, worst) / 1000).toFixed(2)} s after the call had returned`,
      );
      assert.ok(worst / 1000 < boundSeconds, `${(worst / 1000).toFixed(1)} s`);
      if (at < 4) for (const pin of pinned) assert.equal((await ask(pin, bert)).status, 200);
    });
  }
});
