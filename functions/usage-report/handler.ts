import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { awsClient } from "../shared/aws";
import { batchLedgers, commitmentOf } from "../shared/batch-ledger";
import { setting } from "../shared/environment";
import type { LiteLLM } from "../shared/litellm";
import { log } from "../shared/log";
import { publish } from "../shared/metrics";
import { gatewayAsMaster } from "../shared/secrets";
import { renderCsv } from "./csv";
import { renderHtml } from "./html";
import { planReportMetrics } from "./metrics";
import { onlyDepartment, planReport, type UsageReport } from "./report";
import { batchRows, planRows, type ActivityPage, type UsageRow } from "./usage";

const s3 = awsClient(new S3Client({}));
const dayMs = 86_400_000;

async function rowsOf(gateway: LiteLLM, department: string, from: string, until: string): Promise<readonly UsageRow[]> {
  const pages: ActivityPage[] = [];
  for (let page = 1, all = 1; page <= all; page++) {
    const answer = (await gateway.teamActivity(department, from, until, page)) as ActivityPage;
    pages.push(answer);
    all = answer.metadata.total_pages ?? 1;
  }
  return planRows(department, pages);
}

/** Costs as AWS bills them, from the bill reader; undefined where no bill is read. */
async function billed(bucket: string): Promise<Readonly<Record<string, number>> | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "bill/current.json" }));
    const text = await Body?.transformToString();
    return text === undefined ? undefined : (JSON.parse(text) as { billedUsd: Record<string, number> }).billedUsd;
  } catch (fault) {
    if ((fault as Error).name === "NoSuchKey" || (fault as Error).name === "AccessDenied") return undefined;
    throw fault;
  }
}

/**
 * Stores one report for the infrastructure team, and one for each department under its own prefix.
 */
async function store(bucket: string, report: UsageReport, organization: string): Promise<void> {
  const put = (Key: string, Body: string, ContentType: string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  const both = async (prefix: string, part: UsageReport, title: string) => {
    await put(`${prefix}/${report.today}.html`, renderHtml(part, title), "text/html; charset=utf-8");
    await put(`${prefix}/${report.today}.csv`, renderCsv(part.rows), "text/csv; charset=utf-8");
  };
  await both("organization", report, `Use of models, ${organization}, ${report.today}`);
  for (const { department } of report.departments) {
    const title = `Use of models, ${department}, ${report.today}`;
    await both(`departments/${department}`, onlyDepartment(report, department), title);
  }
}

/**
 * Reads the gateway's usage, forecasts each budget's month, stores the reports and publishes the
 * alarms' metrics.
 */
export async function handler(): Promise<{ readonly today: string; readonly departments: number }> {
  const organization = setting("ORGANIZATION");
  const bucket = setting("REPORT_BUCKET");
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  // The month before too: the first days of a month are forecast from it.
  const from = new Date(now.getTime() - 62 * dayMs).toISOString().slice(0, 10);

  const gateway = await gatewayAsMaster();
  const teams = await gateway.teams();
  const rows: UsageRow[] = [];
  for (const { team_id } of teams) rows.push(...(await rowsOf(gateway, team_id, from, today)));
  const ledgers = await batchLedgers();
  for (const { ledger } of ledgers.values()) rows.push(...batchRows(ledger).filter(({ date }) => date >= from));
  const billedUsd = await billed(bucket);
  const report = planReport({
    rows,
    budgets: teams.map((team) => {
      const left = team.max_budget as number | null;
      // LiteLLM's budget has batch reservations deducted.
      const taken = commitmentOf(ledgers.get(team.team_id)?.ledger, now).departmentUsd;
      return { department: team.team_id, budgetUsd: left === null ? undefined : left + taken };
    }),
    organizationBudgetUsd: Number(setting("ORGANIZATION_BUDGET_USD")),
    today,
    ...(billedUsd && { billedUsd }),
  });
  await store(bucket, report, organization);
  await publish(setting("METRIC_NAMESPACE"), planReportMetrics(report, organization));
  log("usage report stored", { today, departments: teams.length, rows: rows.length });
  return { today, departments: teams.length };
}
