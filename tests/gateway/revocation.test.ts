import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { DepartmentState } from "../../config";
import { keyCacheSeconds } from "../../components/gateway/bounds";
import { useClient } from "./support/client";
import { closeDepartment } from "../../functions/access-reconciler/reconcile";
import { departmentState, onboard, up } from "./support/departments";
import { askKeyAdmin, reconciler } from "./support/functions";
import { world } from "./support/hooks";
import { pinEach, type Pinned } from "./support/workers";

/** Seconds from a revocation's beginning within which every worker must refuse: the workers' cache of keys, and what the calls themselves take. */
const boundSeconds = keyCacheSeconds + 5;

interface Way {
  readonly what: string;
  readonly revoke: (state: DepartmentState) => Promise<unknown>;
  /** The person whose key stays. */
  readonly others: "go on" | "end, too";
}

const without = (state: DepartmentState): DepartmentState => ({ ...state, developers: state.developers.slice(1) });
const tokenOfAnna = async ({ department }: DepartmentState) =>
  (await world().litellm().keysOfUser(department, "anna"))[0]!.token;

/** What people do, and below it each call of LiteLLM's that takes a key away, alone. */
const ways: readonly Way[] = [
  { what: "a lead's block", others: "go on", revoke: ({ department }) => askKeyAdmin(department, "block", "anna") },
  {
    what: "a lead's revocation",
    others: "go on",
    revoke: ({ department }) => askKeyAdmin(department, "revoke", "anna"),
  },
  { what: "a line taken out of the stack file", others: "go on", revoke: (state) => up(world(), without(state)) },
  {
    what: "a share set to zero",
    others: "go on",
    revoke: (state) => {
      const zero = { monthlyBudgetUsd: 0, blocked: true };
      return up(world(), {
        ...state,
        developers: state.developers.map((one) => (one.id === "anna" ? { ...one, ...zero } : one)),
      });
    },
  },
  {
    what: "a department that declares nothing any more",
    others: "end, too",
    revoke: ({ department }) => closeDepartment(world().litellm(), department, () => undefined),
  },
  {
    what: "a destroyed stack whose declaration is still there",
    others: "end, too",
    revoke: ({ department }) => reconciler().handler({ ends: department, tf: { action: "delete" } }),
  },
  {
    what: "LiteLLM's /key/block",
    others: "go on",
    revoke: async (state) =>
      world()
        .litellm()
        .blockKey(await tokenOfAnna(state)),
  },
  {
    what: "LiteLLM's /key/update to an end in a second",
    others: "go on",
    revoke: async (state) =>
      world()
        .litellm()
        .updateKey(await tokenOfAnna(state), { duration: "1s" }),
  },
  {
    what: "LiteLLM's /team/member_delete",
    others: "go on",
    revoke: ({ department }) => world().litellm().removeMember(department, "anna"),
  },
];

describe("revocation on every worker", () => {
  let pinned: Pinned[] = [];
  const client = useClient(world);

  before(async () => {
    pinned = (await Promise.all(world().gateways.map(pinEach))).flat();
    assert.equal(pinned.length, 4);
  });
  after(() => {
    for (const { agent } of pinned) agent.destroy();
  });

  for (const [at, { what, revoke, others }] of ways.entries()) {
    it(`is complete within ${boundSeconds} s after ${what}`, async () => {
      const state = departmentState(`revoked-${at}`, { anna: {}, bert: {} });
      const { anna, bert } = (await onboard(world(), state)) as { anna: string; bert: string };
      const ask = ({ gateway, agent }: Pinned, key: string) => client.chat({ key, url: gateway.url, agent });
      // Every worker knows the key, and is asked for it while it is revoked.
      for (const pin of pinned) assert.equal((await ask(pin, anna)).status, 200);
      const end = performance.now() + 75_000;
      const lastServed = pinned.map(async (pin) => {
        for (let last = performance.now(), refusals = 0; ;) {
          await sleep(50);
          const sent = performance.now();
          const { status } = await ask(pin, anna);
          if (status === 200) last = sent;
          refusals = status === 200 ? 0 : refusals + 1;
          // A worker that refused once and serves again has been seen: its cache had been filled by another.
          if (refusals === 50 || performance.now() > end) return last;
        }
      });
      await sleep(500);
      const called = performance.now();
      await revoke(state);
      const took = performance.now() - called;
      const worst = (Math.max(...(await Promise.all(lastServed))) - called) / 1000;
      console.info(
        `      ${what}: the last request served was sent ${Math.max(0, worst).toFixed(2)} s after the call began, which took ${(took / 1000).toFixed(2)} s`,
      );
      assert.ok(worst < boundSeconds, `${worst.toFixed(1)} s`);
      for (const pin of pinned) assert.equal((await ask(pin, bert)).status === 200, others === "go on");
    });
  }
});
