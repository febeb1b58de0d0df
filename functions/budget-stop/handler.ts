import { BedrockClient, paginateListModelInvocationJobs, StopModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { BudgetsClient, paginateDescribeBudgets, type Spend } from "@aws-sdk/client-budgets";
import { DeleteRolePolicyCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { batchJobDepartment } from "../../config/batch";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { departmentOf, planDenyDocument, planStops, type DepartmentSpend, type Extra } from "./plan";

const budgets = awsClient(new BudgetsClient({ region: "us-east-1" }));
const iam = awsClient(new IAMClient({ region: "us-east-1" }));
const bedrock = awsClient(new BedrockClient({}));

/** Times that a run looks at the budgets at most; each hour begins another. */
const mostLooks = 4;

/** Statuses of batch jobs that still cost, or will. */
const openStatuses = ["Submitted", "Validating", "Scheduled", "InProgress"] as const;

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

/** Writes one role's deny document; undefined removes it. Returns whether it changed. */
async function keepDocument(RoleName: string, PolicyName: string, wanted: string | undefined): Promise<boolean> {
  if (wanted === (await currentDocument(RoleName, PolicyName))) return false;
  if (wanted === undefined) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  else await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: wanted }));
  return true;
}

/**
 * Stops every batch job of the stopped departments. A job that has just ended by itself is no
 * fault.
 */
async function stopBatches(organization: string, stopped: readonly string[]): Promise<void> {
  if (stopped.length === 0) return;
  for (const statusEquals of openStatuses) {
    const pages = paginateListModelInvocationJobs(
      { client: bedrock },
      { statusEquals, nameContains: `${organization}.` },
    );
    for await (const { invocationJobSummaries = [] } of pages) {
      for (const { jobName = "", jobArn } of invocationJobSummaries) {
        const department = batchJobDepartment(organization, jobName);
        if (department === undefined || !stopped.includes(department)) continue;
        try {
          await bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
          log("batch stopped", { department, job: jobArn });
        } catch (fault) {
          if (!["ConflictException", "ValidationException"].includes((fault as Error).name)) throw fault;
        }
      }
    }
  }
}

/** The stopped departments by the current budgets, and whether the roles' deny documents were others. */
async function keepStops(organization: string): Promise<{ readonly stopped: readonly string[]; changed: boolean }> {
  const extras = JSON.parse(setting("EXTRA_BUDGETS")) as readonly Extra[];
  const spends = await readSpends(setting("ACCOUNT_ID"), organization);
  const stopped = planStops(spends, extras, new Date().toISOString().slice(0, 10));
  const wanted = planDenyDocument(stopped);
  let changed = false;
  for (const role of setting("ROLES").split(" ")) {
    changed = (await keepDocument(role, setting("POLICY_NAME"), wanted)) || changed;
  }
  return { stopped, changed };
}

/**
 * Writes the deny document of both roles from the current budgets, and stops batches of the denied
 * departments.
 * Messages of AWS Budgets and the schedule only trigger a run. The first run of a month finds no
 * spend and lifts every stop.
 * Two runs may overlap, so a run that changed something looks again: the last one to look finds the
 * newest budgets in the document.
 */
export async function handler(): Promise<{ readonly stopped: readonly string[] }> {
  const organization = setting("ORGANIZATION");
  let kept = await keepStops(organization);
  for (let looks = 1; kept.changed && looks < mostLooks; looks++) {
    log("budget stop changed", { stopped: kept.stopped.join(" ") });
    kept = await keepStops(organization);
  }
  const { stopped } = kept;
  await stopBatches(organization, stopped);
  return { stopped };
}
