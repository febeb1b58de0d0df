import assert from "node:assert/strict";
import fc from "fast-check";
import { extraCents, hasEnded, planShares, toCents, toUsd } from "../../config";

const shares = (budget: number, explicit: Record<string, number | undefined>) =>
  planShares(budget, new Map(Object.entries(explicit)));

describe("shares of a budget", () => {
  it("divide what explicit shares leave equally, floored to cents", () => {
    const { byId, excess } = shares(10000, { a: 1000, b: undefined, c: undefined, d: undefined });
    assert.deepEqual(
      [...byId],
      [
        ["a", 1000],
        ["b", 3000],
        ["c", 3000],
        ["d", 3000],
      ],
    );
    assert.equal(excess, 0);
    assert.deepEqual([...shares(100, { a: undefined, b: undefined, c: undefined }).byId.values()], [33, 33, 33]);
  });

  it("say by how much explicit shares exceed the budget, and give the rest nothing", () => {
    const { byId, excess } = shares(100, { a: 80, b: 30, c: undefined });
    assert.deepEqual([excess, byId.get("c")], [10, 0]);
  });

  it("never exceed the budget, and waste less than a cent a head", () => {
    const share = fc.option(fc.nat(100_000), { nil: undefined });
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.dictionary(fc.string(), share), (budget, explicit) => {
        const { byId, excess } = shares(budget, explicit);
        const sum = [...byId.values()].reduce((total, cents) => total + cents, 0);
        const free = [...Object.values(explicit)].filter((each) => each === undefined).length;
        assert.equal(byId.size, Object.keys(explicit).length);
        if (excess > 0) assert.equal(sum, budget + excess);
        else if (free > 0) assert(sum <= budget && budget - sum < free);
        else assert(sum <= budget);
      }),
    );
  });
});

describe("money", () => {
  it("goes to cents and back unchanged", () => {
    fc.assert(fc.property(fc.nat(1_000_000_000), (cents) => assert.equal(toCents(toUsd(cents)), cents)));
    assert.equal(toCents(0.29), 29);
    assert.equal(toCents(1.005 * 100) / 100, 100.5);
  });

  it("of extra budgets counts until the last day inclusive", () => {
    const extra = { department: "a", amountUsd: 5.5, reason: "why", approvedBy: "mori", until: "2026-12-31" };
    const other = { ...extra, until: "2027-01-01" };
    assert.equal(extraCents([extra, other]), 1100);
    assert.equal(extraCents([extra, other], "2026-12-31"), 1100);
    assert.equal(extraCents([extra, other], "2027-01-01"), 550);
    assert.equal(hasEnded(extra, undefined), false);
  });
});
