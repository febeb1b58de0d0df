import assert from "node:assert/strict";
import {
  batchId,
  commitmentOf,
  withJob,
  withoutJob,
  type BatchJob,
  type BatchLedger,
} from "../../../functions/shared/batch-ledger";
import { planMember, planTeam } from "../../../functions/shared/entitlements";
import { batchRows } from "../../../functions/usage-report/usage";
import { batchJobDepartment, batchJobName } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";

const now = new Date("2026-12-01T00:30:00Z");
const job = (id: string, change: Partial<BatchJob>): BatchJob => ({
  id,
  name: id,
  developer: "tanaka",
  model: "light",
  records: 100,
  reservedUsd: 10,
  state: "running",
  reservedAt: "2026-11-30T23:00:00.000Z",
  costCenter: "CC",
  ...change,
});
const ended = (id: string, endedAt: string, costUsd = 4) => job(id, { state: "ended", endedAt, costUsd });
const ledger = (...jobs: BatchJob[]): BatchLedger => ({ version: 1, department: "engineering", jobs });

describe("a department's ledger of batches", () => {
  it("takes from the current month what is open, whenever it began, and what ended in it", () => {
    const taken = commitmentOf(
      ledger(
        job("open", {}),
        ended("this", "2026-12-01T00:10:00.000Z"),
        ended("last", "2026-11-30T23:50:00.000Z"),
        job("other", { developer: "suzuki", state: "reserved", reservedUsd: 1 }),
      ),
      now,
    );
    assert.equal(taken.departmentUsd, 15);
    assert.deepEqual(
      [...taken.byDeveloper],
      [
        ["tanaka", 14],
        ["suzuki", 1],
      ],
    );
    assert.equal(commitmentOf(undefined, now).departmentUsd, 0);
  });

  it("keeps what is open, and what ended this month or the last", () => {
    const book = ledger(
      job("open", { reservedAt: "2026-01-01T00:00:00.000Z" }),
      ended("old", "2026-10-31T00:00:00.000Z"),
      ended("last", "2026-11-01T00:00:00.000Z"),
    );
    const after = withJob(book, job("new", {}), now);
    assert.deepEqual(
      after.jobs.map(({ id }) => id),
      ["open", "last", "new"],
    );
    assert.deepEqual(
      withJob(after, job("last", { state: "stopping" }), now).jobs.map(({ id, state }) => `${id} ${state}`),
      ["open running", "last stopping", "new running"],
    );
    assert.deepEqual(
      withoutJob(after, "new").jobs.map(({ id }) => id),
      ["open", "last"],
    );
  });

  it("gives the gateway what batches leave of a budget, floored to cents and never below nothing", () => {
    const [platform, state] = [declaredPlatform(), declaredDepartment()];
    const budget = (usd?: number) => planTeam(platform, state, "2026-11-22", usd).max_budget;
    assert.deepEqual(
      [budget(), budget(0), budget(0.001), budget(1000.5), budget(5000)],
      [3000, 3000, 2999.99, 1999.5, 0],
    );
    const suzuki = state.developers.find(({ id }) => id === "suzuki")!;
    assert.equal(planMember(platform, state, suzuki, "2026-11-22", 100.25).max_budget_in_team, 199.75);
  });

  it("reads as rows of a usage report once a batch has ended", () => {
    const done = { ...ended("a", "2026-12-01T00:10:00.000Z"), succeeded: 98, inputTokens: 7, outputTokens: 5 };
    assert.deepEqual(batchRows(ledger(done, job("open", {}))), [
      {
        date: "2026-12-01",
        department: "engineering",
        developer: "tanaka",
        model: "light-batch",
        spendUsd: 4,
        requests: 100,
        failedRequests: 2,
        inputTokens: 7,
        outputTokens: 5,
        cacheReadTokens: 0,
      },
    ]);
  });

  it("knows a request by its place and content", () => {
    assert.equal(batchId("k", "1"), batchId("k", "1"));
    assert.notEqual(batchId("k", "1"), batchId("k", "2"));
    assert.match(batchId("k", "1"), /^[0-9a-f]{20}$/);
  });
});

describe("a job's name at Bedrock", () => {
  it("says whose it is, and nobody else's names do", () => {
    assert.equal(batchJobDepartment("example", batchJobName("example", "data-science", "abc")), "data-science");
    for (const name of [
      "example",
      "example.engineering",
      "other.engineering.1",
      "example.engineering.1.2",
      "nightly",
    ]) {
      assert.equal(batchJobDepartment("example", name), undefined, name);
    }
  });
});
