import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { BatchJob, BatchLedger } from "../../functions/shared/batch-ledger";
import { batchKeys } from "../../spec";
import { useClient } from "./support/client";
import { departmentState, onboard, up } from "./support/departments";
import { world } from "./support/hooks";

describe("batches and budgets", () => {
  const client = useClient(world);

  it("stops the chats of a developer whose running batch takes the whole share, and lets them go on once it is booked", async () => {
    const state = departmentState("batching", { anna: {}, bert: {} }, { monthlyBudgetUsd: 2 });
    const keys = await onboard(world(), state);
    const chat = async (person: string) => (await client.chat({ key: keys[person]! })).status;
    assert.deepEqual([await chat("anna"), await chat("bert")], [200, 200]);

    const job: BatchJob = {
      id: "0123456789abcdef0123",
      name: "translations",
      developer: "anna",
      model: "light",
      records: 100,
      reservedUsd: 1,
      state: "running",
      reservedAt: new Date().toISOString(),
      costCenter: "CC-1042",
    };
    const book = async (entry: BatchJob) => {
      const ledger: BatchLedger = { version: 1, department: "batching", jobs: [entry] };
      await world().putState(batchKeys.ledgerOf("batching"), ledger);
      await up(world(), state);
      await sleep(6000);
    };
    await book(job);
    assert.deepEqual([await chat("anna"), await chat("bert")], [422, 200]);
    await book({ ...job, state: "ended", endedAt: new Date().toISOString(), costUsd: 0.2, outcome: "Completed" });
    assert.deepEqual([await chat("anna"), await chat("bert")], [200, 200]);
  });
});
