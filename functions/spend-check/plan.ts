import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { BatchCommitment } from "../shared/batch-ledger";

/** A team as LiteLLM's list has it. */
export interface TeamSpend {
  readonly team_id: string;
  readonly max_budget: number | null;
  /** Of the current period, in US dollars. */
  readonly spend: number | null;
}

/**
 * Use of each department's and the organization's budget in percent, and spend in US dollars.
 * Batch reservations count as used. LiteLLM does not know them; its budgets have them deducted.
 */
export function planSpendMetrics(
  teams: readonly TeamSpend[],
  organization: { readonly name: string; readonly budgetUsd: number },
  batches: ReadonlyMap<string, BatchCommitment> = new Map(),
): MetricDatum[] {
  const percent = (usd: number, budgetUsd: number) => (budgetUsd > 0 ? (100 * usd) / budgetUsd : usd > 0 ? 100 : 0);
  const both = (Name: string, Value: string, spendUsd: number, budgetUsd: number | null): MetricDatum[] => [
    { MetricName: "SpendUsd", Dimensions: [{ Name, Value }], Unit: "None", Value: spendUsd },
    ...(budgetUsd === null
      ? []
      : [
          {
            MetricName: "BudgetUsedPercent",
            Dimensions: [{ Name, Value }],
            Unit: "Percent" as const,
            Value: percent(spendUsd, budgetUsd),
          },
        ]),
  ];
  const taken = (team: string) => batches.get(team)?.departmentUsd ?? 0;
  const total = teams.reduce((sum, { team_id, spend }) => sum + (spend ?? 0) + taken(team_id), 0);
  return [
    ...both("Organization", organization.name, total, organization.budgetUsd),
    ...teams.flatMap(({ team_id, spend, max_budget }) =>
      both(
        "Department",
        team_id,
        (spend ?? 0) + taken(team_id),
        max_budget === null ? null : max_budget + taken(team_id),
      ),
    ),
  ];
}
