/**
 * Name of the inline policy on the two roles that stops departments. Pulumi does not manage it: the
 * function writes and removes it.
 */
export const stopPolicyName = "budget-stop";

/** Begin of every document that the budget stop writes (functions/budget-stop/plan.ts). */
export const denyDocumentStart = '{"Version":"2012-10-17","Statement":[{"Sid":"BudgetSpent","Effect":"Deny",';
