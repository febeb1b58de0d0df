import assert from "node:assert/strict";
import fc from "fast-check";
import { departmentOf, planDenyDocument, planStops } from "../../../functions/budget-stop/plan";
import { departmentBudgetName } from "../../../components/cost/budget-plan";

const spend = (department: string, actualUsd: number, limitUsd = 100) => ({ department, actualUsd, limitUsd });

describe("planStops", () => {
  it("stops who has spent it all, and nobody else", () => {
    assert.deepEqual(planStops([spend("b", 100), spend("a", 250), spend("c", 99.99)], [], "2026-06-10"), ["a", "b"]);
  });

  it("counts extra budgets while they run, their last day included", () => {
    const extras = [
      { department: "a", amountUsd: 50, until: "2026-06-10" },
      { department: "a", amountUsd: 20, until: "2026-12-31" },
      { department: "b", amountUsd: 500, until: "2026-12-31" },
    ];
    assert.deepEqual(planStops([spend("a", 160)], extras, "2026-06-10"), []);
    assert.deepEqual(planStops([spend("a", 160)], extras, "2026-06-11"), ["a"]);
    assert.deepEqual(planStops([spend("a", 170)], extras, "2026-06-10"), ["a"]);
  });
});

describe("planDenyDocument", () => {
  it("denies the stopped departments' profiles and batch jobs only", () => {
    const { Statement } = JSON.parse(planDenyDocument(["a", "b"])!) as { Statement: Record<string, unknown>[] };
    assert.ok(Statement.every(({ Effect }) => Effect === "Deny"));
    assert.deepEqual(
      Statement.map(({ Condition }) => Condition),
      [
        { StringEquals: { "aws:ResourceTag/Department": ["a", "b"] } },
        { StringEquals: { "aws:RequestTag/Department": ["a", "b"] } },
      ],
    );
    assert.equal(planDenyDocument([]), undefined);
  });

  it("fits on the role with 60 departments of the longest names, and says so when it would not", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => `${"d".repeat(17)}${String(i).padStart(3, "0")}`);
    assert.ok(planDenyDocument(many(60))!.length < 10_240);
    assert.throws(() => planDenyDocument(many(400)), RangeError);
  });
});

describe("departmentOf", () => {
  it("reads back what the budget's name was made of, and nothing from other budgets", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/);
    fc.assert(
      fc.property(name, name, (organization, department) => {
        assert.equal(departmentOf(departmentBudgetName(organization, department), organization), department);
      }),
    );
    assert.equal(departmentOf("example-organization", "example"), undefined);
    assert.equal(departmentOf("My monthly budget", "example"), undefined);
  });
});
