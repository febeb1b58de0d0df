export { BudgetStop, type BudgetStopArgs } from "./budget-stop";
export { DepartmentBudget, type DepartmentBudgetArgs } from "./department-budget";
export { OrganizationBudget, type OrganizationBudgetArgs } from "./organization-budget";
