import assert from "node:assert/strict";
import fc from "fast-check";
import {
  hasSettled,
  planAdmission,
  planBar,
  planPending,
  planStops,
  settlingSeconds,
  type PendingRequest,
  type Standing,
} from "../../../functions/batch-runner/plan";
import type { PlannedBatch } from "../../../functions/batch-runner/request-file";
import { costOf } from "../../../functions/batch-runner/settlement";
import { commitmentOf, isOpen, type BatchJob, type BatchLedger } from "../../../functions/shared/batch-ledger";
import { declaredDepartment } from "../../support/declared";
import { models } from "./requests";

const now = new Date("2026-11-22T10:00:00Z");
const state = declaredDepartment();
const standing = (change: Partial<Standing> = {}): Standing => ({
  state,
  departmentUsd: 3000,
  personUsd: 300,
  departmentSpentUsd: 0,
  personSpentUsd: 0,
  teamOpen: true,
  keyWorks: true,
  guarded: false,
  ...change,
});
const request = (change: Partial<PendingRequest> = {}): PendingRequest => ({
  key: "requests/engineering/suzuki/a.jsonl",
  version: '"1"',
  bytes: 1000,
  sentAt: now,
  department: "engineering",
  developer: "suzuki",
  name: "a",
  asks: "batch",
  ...change,
});
const batch = (worstUsd: number): PlannedBatch => ({
  model: "light",
  input: "",
  customIds: [],
  records: 100,
  worstUsd,
});
const job = (id: string, change: Partial<BatchJob> = {}): BatchJob => ({
  id,
  name: id,
  developer: "suzuki",
  model: "light",
  records: 100,
  reservedUsd: 10,
  state: "running",
  reservedAt: "2026-11-22T09:00:00.000Z",
  costCenter: "CC-1042",
  jobArn: `arn:${id}`,
  ...change,
});
const ledger = (...jobs: BatchJob[]): BatchLedger => ({ version: 1, department: "engineering", jobs });
const admit = (usd: number, at = standing(), book = ledger()) =>
  planAdmission(request(), batch(usd), at, book, "id", now);

describe("planPending", () => {
  const object = (key: string, minute = 0) => ({
    key,
    version: "v",
    bytes: 1,
    sentAt: new Date(now.getTime() + minute * 60_000),
  });

  it("reads the sender from the key, oldest first, and takes nothing else for a request", () => {
    const found = planPending([
      object("requests/engineering/tanaka/b.jsonl", 2),
      object("requests/engineering/suzuki/a.stop", 1),
      object("requests/engineering/tanaka/sub/b.jsonl"),
      object("requests/engineering/tanaka/.jsonl"),
      object("requests/engineering/tanaka/a.json"),
      object("requests/Engineering/tanaka/a.jsonl"),
      object("requests/engineering/a.jsonl"),
      object(`requests/engineering/tanaka/${"a".repeat(65)}.jsonl`),
    ]);
    assert.deepEqual(
      found.map(({ department, developer, name, asks }) => [department, developer, name, asks]),
      [
        ["engineering", "suzuki", "a", "stop"],
        ["engineering", "tanaka", "b", "batch"],
      ],
    );
  });
});

describe("planAdmission", () => {
  it("admits a batch by its highest possible cost, up to the last cent of share and department", () => {
    const admitted = admit(300);
    assert.deepEqual(admitted.verdict === "admit" && [admitted.job.state, admitted.job.reservedUsd], ["reserved", 300]);
    assert.equal(admit(300.01).verdict, "refuse");
    assert.equal(admit(10, standing({ departmentSpentUsd: 2990 })).verdict, "admit");
    assert.equal(admit(10, standing({ departmentSpentUsd: 2990.01 })).verdict, "refuse");
  });

  it("counts what other batches take, open ones by what they can cost and ended ones by what they did", () => {
    const open = job("o", { reservedUsd: 200, developer: "tanaka" });
    const ended = job("e", { state: "ended", endedAt: "2026-11-02T00:00:00Z", costUsd: 90, reservedUsd: 200 });
    const refused = admit(211, standing(), ledger(open, ended));
    assert.deepEqual(refused.verdict === "refuse" && refused.faults, [
      "your share: the batch can cost up to 211.00 USD; of 300.00 USD this month 0.00 are spent and 90.00 are taken by batches; " +
        "send less, lower max_tokens, or ask for more budget",
    ]);
    assert.equal(admit(210, standing(), ledger(open, ended)).verdict, "admit");
    assert.equal(admit(20, standing({ departmentUsd: 300 }), ledger(open, ended)).verdict, "refuse");
  });

  it("refuses whoever may run none, and models outside the person's list", () => {
    const blocked = { ...state, developers: state.developers.map((one) => ({ ...one, blocked: true })) };
    for (const [change, why] of [
      [{ state: undefined }, /declared in no department/],
      [{ state: { ...state, developers: [] } }, /declared in no department/],
      [{ teamOpen: false }, /engineering is closed/],
      [{ state: blocked }, /has no budget in stacks\/Pulumi\.engineering\.yaml/],
      [{ keyWorks: false }, /no virtual key that works/],
    ] as const) {
      const { verdict, ...rest } = admit(1, standing(change));
      assert.equal(verdict, "refuse");
      assert.match(JSON.stringify(rest), why);
    }
    const strong = planAdmission(request(), { ...batch(1), model: "strong" }, standing(), ledger(), "id", now);
    assert.match(JSON.stringify(strong), /found strong; allowed light, standard/);
  });

  it("lets no two batches of one name run, and makes the fourth wait", () => {
    assert.match(JSON.stringify(admit(1, standing(), ledger(job("a")))), /still runs/);
    assert.equal(admit(1, standing(), ledger(job("a", { state: "ended" }))).verdict, "admit");
    assert.equal(admit(1, standing(), ledger(job("x"), job("y"))).verdict, "admit");
    assert.equal(admit(1, standing(), ledger(job("x"), job("y"), job("z"))).verdict, "wait");
    const others = ["x", "y", "z"].map((id) => job(id, { developer: "tanaka" }));
    assert.equal(admit(1, standing(), ledger(...others)).verdict, "admit");
  });

  it("never lets batches and chats together pass a budget, however requests come", () => {
    const requests = fc.array(
      fc.record({
        usd: fc.double({ min: 0, max: 400, noNaN: true }),
        spent: fc.double({ min: 0, max: 50, noNaN: true }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(requests, (list) => {
        let book = ledger();
        let spent = 0;
        list.forEach(({ usd, spent: more }, at) => {
          // The gateway lets people spend what batches leave of their share.
          spent = Math.min(spent + more, 300 - commitmentOf(book, now).departmentUsd);
          const verdict = planAdmission(
            request({ name: `n${String(at)}` }),
            batch(usd),
            standing({ personSpentUsd: spent, departmentSpentUsd: spent }),
            book,
            String(at),
            now,
          );
          if (verdict.verdict === "admit") book = ledger(...book.jobs, verdict.job);
          assert.ok(commitmentOf(book, now).departmentUsd + spent <= 300 + 1e-9);
        });
      }),
    );
  });
});

describe("planStops", () => {
  const stopsOf = (book: BatchLedger, at: Standing | undefined) =>
    planStops(book, () => at, now).map((stop) => stop.job.id);

  it("stops every running batch of whoever may run none any more", () => {
    const book = ledger(job("1"), job("2"), job("3", { state: "ended" }), job("4", { state: "stopping" }));
    assert.deepEqual(stopsOf(book, standing({ keyWorks: false })), ["2", "1"]);
    assert.deepEqual(stopsOf(book, standing()), []);
    assert.deepEqual(stopsOf(book, undefined), [], "the gateway could not be asked");
    const own = planStops(
      ledger(job("1"), job("2", { developer: "tanaka" })),
      (developer) => standing({ keyWorks: developer === "suzuki" }),
      now,
    );
    assert.deepEqual(
      own.map((stop) => stop.job.id),
      ["2"],
    );
  });

  it("stops the youngest until the rest fits a budget that was lowered, and none for the gateway's own overshoot", () => {
    const book = ledger(job("1", { reservedUsd: 100 }), job("2", { reservedUsd: 100 }), job("3", { reservedUsd: 100 }));
    assert.deepEqual(stopsOf(book, standing({ personSpentUsd: 15 })), []);
    assert.deepEqual(stopsOf(book, standing({ personSpentUsd: 16 })), ["3"]);
    assert.deepEqual(stopsOf(book, standing({ departmentUsd: 100 })), ["3", "2"]);
    const stopping = ledger(...book.jobs.slice(0, 2), job("3", { reservedUsd: 100, state: "stopping" }));
    assert.deepEqual(stopsOf(stopping, standing({ departmentUsd: 200 })), []);
  });
});

describe("a batch's cost", () => {
  const cost = (status: string, usage?: readonly [number, number], processed?: number) =>
    costOf(
      job("a"),
      { status, processed, usage: usage && { inputTokens: usage[0], outputTokens: usage[1], succeeded: 1 } },
      models,
    );

  it("is what its tokens cost at batch price", () => {
    assert.equal(cost("Completed", [1_000_000, 100_000]).toFixed(6), "0.825000");
    assert.equal(cost("Stopped", [0, 0]), 0);
  });

  it("is nothing where nothing ran, and the highest possible where nobody says", () => {
    assert.deepEqual([cost("Failed"), cost("Expired"), cost("Stopped", undefined, 0)], [0, 0, 0]);
    assert.deepEqual([cost("Stopped"), cost("Completed"), cost("Failed", undefined, 5)], [10, 10, 10]);
  });
});

describe("a reservation", () => {
  it("settles before its job starts", () => {
    const reserved = job("a", { reservedAt: now.toISOString() });
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    assert.equal(hasSettled(reserved, later(settlingSeconds - 1)), false);
    assert.equal(hasSettled(reserved, later(settlingSeconds)), true);
  });

  it("is open until it has ended", () => {
    assert.deepEqual(
      (["reserved", "running", "stopping", "ended"] as const).map((each) => isOpen(job("a", { state: each }))),
      [true, true, true, false],
    );
    assert.equal(planBar(standing(), "suzuki"), undefined);
  });

  it("is refused, and stopped when it runs, where a guardrail judges the department's chats", () => {
    const why = planBar(standing({ guarded: true }), "suzuki");
    assert.match(
      why ?? "",
      /has a guardrail, which Bedrock applies to no batch; send the requests to the gateway one by one/,
    );
  });
});
