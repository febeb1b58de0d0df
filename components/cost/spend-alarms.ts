import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fit, tags, type StackSpec } from "../../config";
import { budgetThresholds } from "./budget-plan";

/** CloudWatch namespace of what the spend check and the usage report publish. */
export const spendNamespace = "Cline/Spend";

/** Arguments of {@link spendAlarms}. */
export interface SpendAlarmsArgs {
  readonly spec: StackSpec;
  /** Name of the department, or of the organization for everyone together. */
  readonly scope: { readonly dimension: "Department" | "Organization"; readonly value: string };
  readonly topicArn: pulumi.Input<string>;
}

/**
 * Alarms that come within minutes, where AWS Budgets lags 8 to 24 hours: the gateway's own count of spend crosses a threshold, or the daily
 * forecast exceeds the budget. Missing data keeps the state: silence of the check is another alarm's business.
 */
export function spendAlarms(name: string, args: SpendAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
  const { spec, scope, topicArn } = args;
  const alarm = (noun: string, metricName: string, percent: number, period: number, alarmDescription: string) =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${noun}`,
      {
        name: fit(255, spec.platform.organization, spec.stack, noun),
        alarmDescription,
        namespace: spendNamespace,
        metricName,
        dimensions: { [scope.dimension]: scope.value },
        statistic: "Maximum",
        period,
        evaluationPeriods: 1,
        threshold: percent,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "ignore",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: tags(spec, { Purpose: "budget" }),
      },
      opts,
    );
  for (const percent of budgetThresholds) {
    alarm(
      `spend-${String(percent)}`,
      "BudgetUsedPercent",
      percent,
      300,
      `${scope.value} has used ${String(percent)} % of this month's budget for models`,
    );
  }
  alarm(
    "spend-forecast",
    "ForecastPercent",
    100,
    86_400,
    `${scope.value} is expected to exceed this month's budget for models`,
  );
}
