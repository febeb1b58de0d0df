import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { UsageReport } from "./report";
import { totalsBy } from "./usage";

/** Part of a budget in percent; a budget of nothing is used up as soon as anything is spent. */
export function percentOf(usd: number, budgetUsd: number): number {
  if (budgetUsd > 0) return (100 * usd) / budgetUsd;
  return usd > 0 ? 100 : 0;
}

/**
 * Metrics of a daily report: forecasts of each department and of all, and yesterday's spend by
 * department and model.
 * Developers are in the CSV only: their metrics would cost more than many of them spend.
 */
export function planReportMetrics(report: UsageReport, organization: string): MetricDatum[] {
  const forecast = (name: string, value: string, usd: number, budgetUsd: number): MetricDatum => ({
    MetricName: "ForecastPercent",
    Dimensions: [{ Name: name, Value: value }],
    Unit: "Percent",
    Value: percentOf(usd, budgetUsd),
  });
  const yesterday = new Date(new Date(`${report.today}T00:00:00Z`).getTime() - 86_400_000).toISOString().slice(0, 10);
  return [
    forecast("Organization", organization, report.total.projectedUsd, report.organizationBudgetUsd),
    ...report.departments.flatMap(({ department, budgetUsd, forecast: own }) =>
      budgetUsd === undefined ? [] : [forecast("Department", department, own.projectedUsd, budgetUsd)],
    ),
    ...report.departments.flatMap(({ department }) =>
      totalsBy(
        report.rows.filter((row) => row.department === department && row.date === yesterday),
        "model",
      ).map(({ model, spendUsd }): MetricDatum => ({
        MetricName: "DailySpendUsd",
        Dimensions: [
          { Name: "Department", Value: department },
          { Name: "Model", Value: model },
        ],
        Unit: "None",
        Value: spendUsd,
      })),
    ),
  ];
}
