export { BudgetStop, type BudgetStopArgs } from "./budget-stop";
export { UsageAnalysis, type UsageAnalysisArgs } from "./usage-analysis";
export { DepartmentBudget, type DepartmentBudgetArgs } from "./department-budget";
export { OrganizationBudget, type OrganizationBudgetArgs } from "./organization-budget";
