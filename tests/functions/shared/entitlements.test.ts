import assert from "node:assert/strict";
import fc from "fast-check";
import {
  organizationRefusals,
  personBudgetUsd,
  planKey,
  planMember,
  planTeam,
  refusals,
} from "../../../functions/shared/entitlements";
import type { DepartmentState, Limits } from "../../../config";
import { declaredDepartment, declaredPlatform } from "../../support/declared";

const today = "2026-11-22";
const extra = (amountUsd: number, department = "engineering") => ({
  department,
  amountUsd,
  reason: "migration",
  approvedBy: "mori",
  until: "2026-12-31",
});
/** The fixture's declaration with something changed for one person. */
const withPerson = (id: string, change: Partial<Limits>): DepartmentState => {
  const state = declaredDepartment();
  return { ...state, developers: state.developers.map((one) => (one.id === id ? { ...one, ...change } : one)) };
};

describe("what a declaration may hold", () => {
  it("is accepted as the stack files' check lets it through", () => {
    assert.deepEqual(refusals(declaredPlatform(), declaredDepartment()), []);
  });

  it("is refused limit by limit, each with file, path, found and allowed", () => {
    const platform = { ...declaredPlatform(), caps: { default: declaredPlatform().caps.default } };
    const at = "stacks/Pulumi.engineering.yaml  cline:department";
    const cap = "the cap in stacks/Pulumi.platform.yaml";
    assert.deepEqual(refusals(platform, declaredDepartment()).slice(0, 5), [
      `${at}.monthlyBudgetUsd: found 3000; allowed at most 1000, ${cap}`,
      `${at}.tpm: found 1000000; allowed at most 200000, ${cap}`,
      `${at}.rpm: found 1500; allowed at most 300, ${cap}`,
      `${at}.models: found strong; allowed light, standard, ${cap}`,
      `${at}.priority: found high; allowed at most normal, ${cap}`,
    ]);
  });

  it("gives a person no more than the department has, and all together no more than its budget", () => {
    const low: DepartmentState = { ...declaredDepartment(), models: ["light"], priority: "low" };
    const found = refusals(declaredPlatform(), low).join("\n");
    assert.match(found, /developers\.tanaka\.models: found standard, strong; allowed light/);
    assert.match(found, /developers\.tanaka\.priority: found high; allowed at most low/);
    const much = refusals(declaredPlatform(), withPerson("suzuki", { monthlyBudgetUsd: 300.01 }));
    assert.equal(much.length, 1);
    assert.match(much[0]!, /shares add up to 3000\.01; allowed at most 3000/);
  });

  it("fits beside everyone else in the organization's budget, running extra budgets counted, ended ones not", () => {
    const state = declaredDepartment();
    const platform = { ...declaredPlatform(), monthlyBudgetUsd: 6500 };
    assert.deepEqual(organizationRefusals(platform, [state, state], today), []);
    const more = { ...platform, extraBudgets: [extra(501)] };
    assert.match(organizationRefusals(more, [state, state], today).join(), /add up to 6501; allowed at most 6500/);
    assert.deepEqual(organizationRefusals(more, [state, state], "2027-01-01"), []);
  });
});

describe("what a declaration comes to", () => {
  it("never gives people more than the team, whatever shares and extra budget, and ignores other departments' extras", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400_000 }),
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 100_000 }),
        (slack, cents, extraCents) => {
          const budget = (cents.reduce((sum, share) => sum + share, 0) + slack) / 100;
          const base = declaredDepartment();
          const state: DepartmentState = {
            ...base,
            monthlyBudgetUsd: budget,
            developers: cents.map((share, i) => ({
              ...base.developers[0]!,
              id: `d${String(i)}`,
              monthlyBudgetUsd: share / 100,
            })),
          };
          const platform = { ...declaredPlatform(), extraBudgets: [extra(extraCents / 100), extra(999, "design")] };
          const team = planTeam(platform, state, today).max_budget;
          assert.equal(Math.round(team * 100), Math.round(budget * 100) + extraCents);
          const people = state.developers.map((one) => Math.round(personBudgetUsd(platform, state, one, today) * 100));
          assert.ok(people.reduce((sum, one) => sum + one, 0) <= Math.round(team * 100));
          people.forEach((one, i) => assert.ok(one >= cents[i]!));
        },
      ),
    );
  });

  it("is the same on a person and on each of the person's keys, which open chat and nothing else", () => {
    const state = declaredDepartment();
    const [suzuki] = state.developers;
    const member = planMember(declaredPlatform(), state, suzuki!, today);
    const key = planKey(declaredPlatform(), state, suzuki!, today, "v1");
    assert.deepEqual(
      [key.max_budget, key.tpm_limit, key.rpm_limit, key.models],
      [member.max_budget_in_team, member.tpm_limit, member.rpm_limit, member.allowed_models],
    );
    for (const route of key.allowed_routes) assert.match(route, /^(\/v1)?\/(chat\/completions|models)$/);
  });
});
