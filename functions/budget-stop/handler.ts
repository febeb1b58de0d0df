import { BudgetsClient, paginateDescribeBudgets, type Spend } from "@aws-sdk/client-budgets";
import { DeleteRolePolicyCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { departmentOf, planDenyDocument, planStops, type DepartmentSpend, type Extra } from "./plan";

const budgets = new BudgetsClient({ region: "us-east-1" });
const iam = new IAMClient({ region: "us-east-1" });

const usd = (spend: Spend | undefined) => Number(spend?.Amount ?? Number.NaN);

async function readSpends(accountId: string, organization: string): Promise<DepartmentSpend[]> {
  const spends: DepartmentSpend[] = [];
  for await (const page of paginateDescribeBudgets({ client: budgets }, { AccountId: accountId })) {
    for (const { BudgetName = "", BudgetLimit, CalculatedSpend } of page.Budgets ?? []) {
      const department = departmentOf(BudgetName, organization);
      const actualUsd = usd(CalculatedSpend?.ActualSpend);
      const limitUsd = usd(BudgetLimit);
      if (department !== undefined && !Number.isNaN(actualUsd) && !Number.isNaN(limitUsd)) {
        spends.push({ department, actualUsd, limitUsd });
      }
    }
  }
  return spends;
}

async function currentDocument(RoleName: string, PolicyName: string): Promise<string | undefined> {
  try {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return PolicyDocument === undefined ? undefined : decodeURIComponent(PolicyDocument);
  } catch (fault) {
    if ((fault as Error).name === "NoSuchEntityException") return undefined;
    throw fault;
  }
}

/**
 * Brings the gateway role's deny document to what the budgets say now. Any message of AWS Budgets only sets it off, and so does the clock:
 * the first run of a month finds nothing spent and lets everyone go on.
 */
export async function handler(): Promise<{ readonly stopped: readonly string[] }> {
  const role = setting("GATEWAY_ROLE");
  const policy = setting("POLICY_NAME");
  const extras = JSON.parse(setting("EXTRA_BUDGETS")) as readonly Extra[];
  const spends = await readSpends(setting("ACCOUNT_ID"), setting("ORGANIZATION"));
  const stopped = planStops(spends, extras, new Date().toISOString().slice(0, 10));
  const wanted = planDenyDocument(stopped);
  const present = await currentDocument(role, policy);
  if (wanted === present) return { stopped };
  if (wanted === undefined) await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: policy }));
  else await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: policy, PolicyDocument: wanted }));
  log("budget stop changed", { stopped: stopped.join(" ") });
  return { stopped };
}
