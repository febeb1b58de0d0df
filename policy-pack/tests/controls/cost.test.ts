import { budgetNotifications, budgetPresent, costAnomalyNotifies, tagsCostAllocation } from "../../src/controls/cost";
import { resourceCases, stackCases } from "./cases";

const told = (notificationType: string): object => ({
  notificationType,
  comparisonOperator: "GREATER_THAN",
  threshold: 80,
  thresholdType: "PERCENTAGE",
  subscriberEmailAddresses: ["a@example.com"],
});
resourceCases(budgetNotifications, {
  compliant: { budgetType: "COST", timeUnit: "MONTHLY", notifications: [told("ACTUAL"), told("FORECASTED")] },
  violations: {
    "no forecast": { notifications: [told("ACTUAL")] },
    nobody: { "notifications[0].subscriberEmailAddresses": [] },
    none: { notifications: undefined },
  },
  accepted: {
    "a topic": {
      "notifications[0].subscriberEmailAddresses": undefined,
      "notifications[0].subscriberSnsTopicArns": ["topic"],
    },
  },
});

stackCases(budgetPresent, {
  compliant: {
    profile: { type: "aws:bedrock/inferenceProfile:InferenceProfile", name: "p" },
    budget: { type: "aws:budgets/budget:Budget", budgetType: "COST", timeUnit: "MONTHLY" },
  },
  violations: { none: { budget: undefined } },
  accepted: { "a stack that spends nothing": { budget: undefined, profile: undefined } },
});

resourceCases(costAnomalyNotifies, {
  compliant: { frequency: "IMMEDIATE", monitorArnLists: ["m"], subscribers: [{ type: "SNS", address: "topic" }] },
  violations: {
    nobody: { subscribers: [] },
    "mail at once": { "subscribers[0].type": "EMAIL" },
    "a topic each day": { frequency: "DAILY" },
  },
  accepted: { "mail each day": { frequency: "DAILY", "subscribers[0].type": "EMAIL" } },
});

resourceCases(tagsCostAllocation, {
  compliant: { instanceType: "t3.medium", tags: { Department: "engineering", CostCenter: "CC-1" } },
  violations: {
    none: { tags: undefined },
    "one missing": { "tags.CostCenter": undefined },
    "an empty one": { "tags.CostCenter": "" },
  },
});

resourceCases(tagsCostAllocation, {
  config: { required: ["Owner"] },
  compliant: { tags: { Owner: "sato" } },
  violations: { none: { tags: {} } },
});
