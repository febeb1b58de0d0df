import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { modelSpendTagKeys } from "../../config";

/** Alert thresholds in percent of a budget: strictly rising. */
export const budgetThresholds = [50, 80, 100] as const;

/** Name of a department's budget in AWS Budgets; the budget stop reads the department from it. */
export const departmentBudgetName = (organization: string, department: string): string =>
  `${organization}-department-${department}`;

/** Arguments of {@link planBudget}. */
export interface BudgetPlan {
  readonly name: string;
  readonly limitUsd: number;
  readonly tagKey: (typeof modelSpendTagKeys)[keyof typeof modelSpendTagKeys];
  readonly tagValue: string;
  readonly topicArns: pulumi.Input<string>[];
}

/**
 * A monthly budget of model spend, with alerts at each threshold of actual cost, and when the
 * forecast exceeds it.
 */
export function planBudget(plan: BudgetPlan): aws.budgets.BudgetArgs {
  const notification = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: plan.topicArns,
  });
  return {
    name: plan.name,
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: plan.limitUsd.toFixed(2),
    limitUnit: "USD",
    // A fixed start: AWS's default is the month of the first `up`, which no preview can know.
    timePeriodStart: "2026-01-01_00:00",
    // Credits and refunds must not hide use.
    costTypes: {
      includeCredit: false,
      includeRefund: false,
      includeTax: false,
      includeSupport: false,
      includeUpfront: true,
      includeRecurring: true,
      includeSubscription: true,
      includeOtherSubscription: true,
      includeDiscount: true,
      useAmortized: false,
      useBlended: false,
    },
    costFilters: [{ name: "TagKeyValue", values: [`user:${plan.tagKey}$${plan.tagValue}`] }],
    notifications: [
      ...budgetThresholds.map((percent) => notification("ACTUAL", percent)),
      notification("FORECASTED", 100),
    ],
  };
}
