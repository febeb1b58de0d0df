import assert from "node:assert/strict";
import { billedByDepartment, monthUntil } from "../../../functions/bill-reader/bill";

describe("billedByDepartment", () => {
  it("adds up pages by department; cost without a tag stands apart", () => {
    const group = (key: string, Amount: string) => ({ Keys: [key], Metrics: { UnblendedCost: { Amount } } });
    assert.deepEqual(
      billedByDepartment([
        group("Department$engineering", "10.004"),
        group("Department$", "3.5"),
        group("Department$design", "1"),
        group("Department$engineering", "0.002"),
      ]),
      { "": 3.5, design: 1, engineering: 10.01 },
    );
  });
});

describe("monthUntil", () => {
  it("ends after today, also on the last day of a month and of a year", () => {
    assert.deepEqual(monthUntil(new Date("2026-06-10T23:00:00Z")), { Start: "2026-06-01", End: "2026-06-11" });
    assert.deepEqual(monthUntil(new Date("2026-12-31T00:00:00Z")), { Start: "2026-12-01", End: "2027-01-01" });
  });
});
