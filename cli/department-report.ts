import type { DepartmentSpec } from "../config";
import type { DepartmentReport } from "../reports";
import { scheduleWords } from "./changes/developers";

/** What the first page of a report says of a department. Pure. */
export function departmentReport(department: DepartmentSpec): DepartmentReport {
  const { lead, deputies, monthlyBudgetUsd, cap, extraBudgets, keepPromptText, developers } = department;
  return {
    lead,
    deputies,
    budgetUsd: monthlyBudgetUsd,
    capUsd: cap.monthlyBudgetUsd,
    extraBudgets: extraBudgets.map(({ amountUsd: usd, until }) => ({ usd, until })),
    keepsPromptText: keepPromptText,
    people: developers.map(({ id, monthlyBudgetUsd: shareUsd, models, tpm, rpm, priority, workspace }) => ({
      id,
      shareUsd,
      models,
      tpm,
      rpm,
      priority,
      machine: workspace.size,
      runs: scheduleWords(workspace.schedule),
    })),
  };
}
