import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { alarm, type AlarmArgs, type Audience, type StackContext } from "../kit";
import { budgetThresholds } from "./budget-plan";

/** CloudWatch namespace of the metrics of the spend check and the usage report. */
export const spendNamespace = "Cline/Spend";

/** Arguments of {@link spendAlarms}. */
export interface SpendAlarmsArgs {
  readonly context: StackContext;
  /** Name of the department, or of the organization. */
  readonly scope: { readonly dimension: "Department" | "Organization"; readonly value: string };
  /** Audience of {@link SpendAlarmsArgs.topicArn}. */
  readonly audience: Audience;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * Alarms within minutes, where AWS Budgets lags 8 to 24 hours. One alarms when the gateway's own
 * count of spend crosses a threshold, one when the daily forecast exceeds the budget. Missing data
 * keeps the state, because the spend check has an alarm of its own.
 *
 * @returns the alarm of the spent budget.
 */
export function spendAlarms(
  name: string,
  args: SpendAlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const { context, scope, audience, topicArn } = args;
  const make = (noun: string, metric: Pick<AlarmArgs, "description" | "metricName" | "threshold" | "period">) =>
    alarm(
      `${name}-${noun}`,
      {
        ...metric,
        alarmName: context.names.alarm(noun),
        runbook: "alarms-of-spend",
        audience,
        namespace: spendNamespace,
        dimensions: { [scope.dimension]: scope.value },
        statistic: "Maximum",
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "ignore",
        topicArn,
        tags: context.tags({ Purpose: "budget" }),
      },
      opts,
    );
  const used = (percent: number) =>
    make(`spend-${String(percent)}`, {
      metricName: "BudgetUsedPercent",
      threshold: percent,
      period: 300,
      description: `${scope.value} has used ${String(percent)} % of this month's budget for models`,
    });
  budgetThresholds.filter((percent) => percent < 100).forEach(used);
  const spent = used(100);
  make("spend-forecast", {
    metricName: "ForecastPercent",
    threshold: 100,
    period: 86_400,
    description: `${scope.value} is expected to exceed this month's budget for models`,
  });
  return spent;
}
