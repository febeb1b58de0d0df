import assert from "node:assert/strict";
import { planSpendMetrics } from "../../../functions/spend-check/plan";

describe("planSpendMetrics", () => {
  it("counts what batches take as used, of the whole budget and not of what they leave", () => {
    const taken = { departmentUsd: 60, byDeveloper: new Map([["tanaka", 60]]) };
    const metrics = planSpendMetrics(
      // LiteLLM has 140 of 200, because batches take 60.
      [{ team_id: "engineering", max_budget: 140, spend: 40 }],
      { name: "example", budgetUsd: 1000 },
      new Map([["engineering", taken]]),
    );
    assert.deepEqual(
      metrics.map(({ MetricName, Dimensions, Value }) => [MetricName, Dimensions![0]!.Value, Value]),
      [
        ["SpendUsd", "example", 100],
        ["BudgetUsedPercent", "example", 10],
        ["SpendUsd", "engineering", 100],
        ["BudgetUsedPercent", "engineering", 50],
      ],
    );
  });

  it("says how much of each budget is used, also of a budget of nothing", () => {
    const metrics = planSpendMetrics(
      [
        { team_id: "engineering", max_budget: 200, spend: 50 },
        { team_id: "design", max_budget: 0, spend: 0.01 },
        { team_id: "new", max_budget: null, spend: null },
      ],
      { name: "example", budgetUsd: 1000 },
    );
    const of = (name: string) =>
      metrics
        .filter(({ MetricName }) => MetricName === name)
        .map(({ Dimensions, Value }) => [Dimensions![0]!.Value, Math.round(Value! * 1000) / 1000]);
    assert.deepEqual(of("BudgetUsedPercent"), [
      ["example", 5.001],
      ["engineering", 25],
      ["design", 100],
    ]);
    assert.deepEqual(of("SpendUsd"), [
      ["example", 50.01],
      ["engineering", 50],
      ["design", 0.01],
      ["new", 0],
    ]);
  });
});
