import { forecastMonth, type Forecast } from "./forecast";
import { dailySpend, fillDays, totalsBy, type UsageRow } from "./usage";

/** A department as LiteLLM has it now. */
export interface DepartmentBudget {
  readonly department: string;
  /** Running extra budgets are in it. */
  readonly budgetUsd: number | undefined;
}

/** One department's part of a report. */
export interface DepartmentUsage extends DepartmentBudget {
  readonly forecast: Forecast;
  /** This month's, the dearest first. */
  readonly developers: readonly UsageRow[];
  readonly models: readonly UsageRow[];
}

/** What is rendered as HTML and CSV. */
export interface UsageReport {
  /** ISO date of the report. */
  readonly today: string;
  readonly organizationBudgetUsd: number;
  readonly total: Forecast;
  /** The dearest first. */
  readonly departments: readonly DepartmentUsage[];
  /** This month's rows. */
  readonly rows: readonly UsageRow[];
  /** AWS's own numbers by department, in US dollars, where billing is read; they lag a day. */
  readonly billedUsd?: Readonly<Record<string, number>>;
}

function forecastOf(rows: readonly UsageRow[], today: string, budgetUsd: number | undefined): Forecast {
  const days = dailySpend(rows);
  return forecastMonth({
    history: fillDays(days, today),
    todayUsd: days.get(today) ?? 0,
    today,
    ...(budgetUsd !== undefined && { budgetUsd }),
  });
}

/** @param rows of the last two months, so that the first days of a month have something to forecast from. */
export function planReport(input: {
  readonly rows: readonly UsageRow[];
  readonly budgets: readonly DepartmentBudget[];
  readonly organizationBudgetUsd: number;
  readonly today: string;
  readonly billedUsd?: Readonly<Record<string, number>>;
}): UsageReport {
  const { rows, today } = input;
  const month = rows.filter(({ date }) => date.startsWith(today.slice(0, 7)));
  const departments = input.budgets.map((budget): DepartmentUsage => {
    const own = (list: readonly UsageRow[]) => list.filter(({ department }) => department === budget.department);
    return {
      ...budget,
      forecast: forecastOf(own(rows), today, budget.budgetUsd),
      developers: totalsBy(own(month), "developer"),
      models: totalsBy(own(month), "model"),
    };
  });
  return {
    today,
    organizationBudgetUsd: input.organizationBudgetUsd,
    total: forecastOf(rows, today, input.organizationBudgetUsd),
    departments: departments.sort(
      (a, b) => b.forecast.spentUsd - a.forecast.spentUsd || (a.department < b.department ? -1 : 1),
    ),
    rows: month,
    ...(input.billedUsd && { billedUsd: input.billedUsd }),
  };
}

/** The part of a report that one department's lead may see. */
export function onlyDepartment(report: UsageReport, department: string): UsageReport {
  const departments = report.departments.filter((entry) => entry.department === department);
  const own = departments[0];
  if (!own) throw new Error(`no department ${department} in the report`);
  const billed = report.billedUsd?.[department];
  return {
    today: report.today,
    organizationBudgetUsd: own.budgetUsd ?? 0,
    total: own.forecast,
    departments,
    rows: report.rows.filter((row) => row.department === department),
    ...(billed !== undefined && { billedUsd: { [department]: billed } }),
  };
}
