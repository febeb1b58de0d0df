import { extraCents, planShares, toCents, toUsd } from "../budget";
import type { Fault } from "../faults";
import { knownEntries } from "../known";
import { capOf, limitsOf, type StackSet } from "../stack-set";

/**
 * Shares fit into their department's budget. The departments' budgets, with every extra budget
 * listed, fit into the organization's.
 * @param today ISO date (UTC): extra budgets that ended before it do not count. Without one, as in
 * every preview, all count, so a preview gives the same result on every day.
 */
export function checkBudgets(set: StackSet, today?: string): Fault[] {
  return [...shares(set), ...sums(set, today)];
}

function shares(set: StackSet): Fault[] {
  return set.departments.flatMap((department): Fault[] => {
    const platform = set.platformOf(department);
    if (!platform) return [];
    const { cap } = capOf(platform, department.stack);
    const { monthlyBudgetUsd } = limitsOf(department, cap);
    if (monthlyBudgetUsd === undefined) return [];
    const developers = knownEntries(department.config["cline:department"]?.developers);
    const explicit = new Map(
      developers.map(([id, { monthlyBudgetUsd: usd }]) => [id, usd === undefined ? undefined : toCents(usd)]),
    );
    const { excess } = planShares(toCents(monthlyBudgetUsd), explicit);
    if (excess === 0) return [];
    return [
      department.fault(
        ["config", "cline:department", "developers"],
        `shares of ${toUsd(toCents(monthlyBudgetUsd) + excess)} together`,
        `at most ${monthlyBudgetUsd}, the department's budget`,
        `lower the developers' monthlyBudgetUsd by ${toUsd(excess)} together, or raise the department's`,
      ),
    ];
  });
}

function sums(set: StackSet, today: string | undefined): Fault[] {
  return set.platforms.flatMap((platform): Fault[] => {
    const { monthlyBudgetUsd, extraBudgets = [] } = platform.config["cline:platform"] ?? {};
    if (monthlyBudgetUsd === undefined) return [];
    const parts = set.departmentsOf(platform).map((department) => {
      const { cap } = capOf(platform, department.stack);
      return { name: department.stack, cents: toCents(limitsOf(department, cap).monthlyBudgetUsd ?? 0) };
    });
    const extras = extraBudgets.flatMap(({ amountUsd = 0, until = "" } = {}) => ({ amountUsd, until }));
    parts.push({ name: "extraBudgets", cents: extraCents(extras, today) });
    const sum = parts.reduce((total, { cents }) => total + cents, 0);
    if (sum <= toCents(monthlyBudgetUsd)) return [];
    const listed = parts
      .filter(({ cents }) => cents > 0)
      .map(({ name, cents }) => `${name} ${toUsd(cents)}`)
      .join(", ");
    return [
      platform.fault(
        ["config", "cline:platform", "monthlyBudgetUsd"],
        String(monthlyBudgetUsd),
        `at least ${toUsd(sum)}, every cline:department.monthlyBudgetUsd together (${listed})`,
        "lower one of these (a department without monthlyBudgetUsd has its cap), remove extra budgets that have ended, or raise the organization's",
        "sums",
      ),
    ];
  });
}
