import { stackPolicy } from "../../frame/policy";

const SPENDING = ["aws:bedrock/inferenceProfile:InferenceProfile"];

/** Whoever makes something that spends says how much. */
export const budgetPresent = stackPolicy({
  name: "budget-present",
  description: "A stack whose inference profiles spend money has a budget",
  severity: "medium",
  level: "advisory",
  controls: { area: ["cost"], "nist-800-53r5": ["SI-4"] },
  remediation: "Add an aws.budgets.Budget that filters by the profiles' tag.",
  url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create.html",
  types: SPENDING,
  checkStack(stack, report) {
    const [profile] = stack.ofType(...SPENDING);
    if (profile && !stack.has("aws:budgets/budget:Budget"))
      report.violation("the stack has no budget", { resource: profile });
  },
});
