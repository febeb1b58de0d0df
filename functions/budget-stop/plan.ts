/** A department's budget as AWS Budgets has it. */
export interface DepartmentSpend {
  readonly department: string;
  /** This month's, in US dollars; 8 to 24 hours behind. */
  readonly actualUsd: number;
  /** The department's own budget, extra budgets not counted. */
  readonly limitUsd: number;
}

/** An extra budget of the platform's file. */
export interface Extra {
  readonly department: string;
  readonly amountUsd: number;
  /** ISO date, inclusive. */
  readonly until: string;
}

/** Departments whose spend has reached budget and running extra budgets together, sorted. */
export function planStops(
  spends: readonly DepartmentSpend[],
  extras: readonly Extra[],
  today: string,
): readonly string[] {
  const extraOf = (department: string) =>
    extras
      .filter((extra) => extra.department === department && extra.until >= today)
      .reduce((total, { amountUsd }) => total + amountUsd, 0);
  return spends
    .filter(({ department, actualUsd, limitUsd }) => actualUsd >= limitUsd + extraOf(department))
    .map(({ department }) => department)
    .sort();
}

/** Inline policies of a role hold 10,240 characters together. */
const inlineLimit = 10_240;

/**
 * The deny document of stopped departments for the gateway's and the batch runner's role.
 * It denies their tagged inference profiles, and new batch jobs with their tag. Undefined when no
 * department is stopped.
 * @throws RangeError beyond IAM's limit (more than 300 departments at once).
 */
export function planDenyDocument(stopped: readonly string[]): string | undefined {
  if (stopped.length === 0) return undefined;
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "BudgetSpent",
        Effect: "Deny",
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/Department": stopped } },
      },
      {
        Sid: "BudgetSpentBatch",
        Effect: "Deny",
        Action: "bedrock:CreateModelInvocationJob",
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestTag/Department": stopped } },
      },
    ],
  });
  if (document.length > inlineLimit) {
    throw new RangeError(
      `the deny document for ${String(stopped.length)} departments has ${String(document.length)} characters`,
    );
  }
  return document;
}

/** Department of a budget that this program made: `ORGANIZATION-department-NAME`. */
export function departmentOf(budgetName: string, organization: string): string | undefined {
  const prefix = `${organization}-department-`;
  return budgetName.startsWith(prefix) ? budgetName.slice(prefix.length) : undefined;
}
