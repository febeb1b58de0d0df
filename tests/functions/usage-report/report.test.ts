import assert from "node:assert/strict";
import { renderCsv } from "../../../functions/usage-report/csv";
import { renderHtml } from "../../../functions/usage-report/html";
import { planReportMetrics } from "../../../functions/usage-report/metrics";
import { onlyDepartment, planReport } from "../../../functions/usage-report/report";
import { fillDays, planRows, totalsBy, type ActivityPage, type UsageRow } from "../../../functions/usage-report/usage";

const metrics = (spend: number) => ({
  spend,
  api_requests: 2,
  failed_requests: 1,
  prompt_tokens: 100,
  completion_tokens: 10,
  cache_read_input_tokens: 40,
});
const key = (spend: number, user_id?: string | null) => ({
  metrics: metrics(spend),
  metadata: user_id === undefined ? {} : { user_id },
});
const page = (
  date: string,
  model_groups: ActivityPage["results"][number]["breakdown"]["model_groups"],
): ActivityPage => ({ results: [{ date, breakdown: { model_groups } }], metadata: { total_pages: 1 } });

const row = (over: Partial<UsageRow>): UsageRow => ({
  date: "2026-06-10",
  department: "engineering",
  developer: "tanaka",
  model: "light",
  spendUsd: 1,
  requests: 1,
  failedRequests: 0,
  inputTokens: 10,
  outputTokens: 1,
  cacheReadTokens: 0,
  ...over,
});

describe("planRows", () => {
  it("adds up a developer's rotated keys and days that stand on two pages", () => {
    const rows = planRows("engineering", [
      page("2026-06-10", { light: { api_key_breakdown: { old: key(1, "tanaka"), new: key(2, "tanaka") } } }),
      page("2026-06-10", { light: { api_key_breakdown: { new: key(4, "tanaka"), other: key(8, "suzuki") } } }),
    ]);
    assert.deepEqual(
      rows.map(({ developer, spendUsd, requests, cacheReadTokens }) => [
        developer,
        spendUsd,
        requests,
        cacheReadTokens,
      ]),
      [
        ["suzuki", 8, 2, 40],
        ["tanaka", 7, 6, 120],
      ],
    );
  });

  it("loses no money of keys whose user is not known any more", () => {
    const rows = planRows("engineering", [
      page("2026-06-10", { light: { api_key_breakdown: { a: key(3), b: key(4, null) } } }),
    ]);
    assert.deepEqual(
      rows.map(({ developer, spendUsd }) => [developer, spendUsd]),
      [["(unknown)", 7]],
    );
  });
});

describe("fillDays", () => {
  it("puts zeros between the first day of use and today, which is left out", () => {
    const days = new Map([
      ["2026-06-08", 5],
      ["2026-06-10", 7],
      ["2026-06-11", 9],
    ]);
    assert.deepEqual(fillDays(days, "2026-06-11"), [
      { date: "2026-06-08", spendUsd: 5 },
      { date: "2026-06-09", spendUsd: 0 },
      { date: "2026-06-10", spendUsd: 7 },
    ]);
    assert.deepEqual(fillDays(new Map(), "2026-06-11"), []);
  });
});

describe("planReport", () => {
  const report = planReport({
    rows: [
      row({ spendUsd: 30 }),
      row({ spendUsd: 10, model: "standard", date: "2026-06-09" }),
      row({ spendUsd: 99, date: "2026-05-20" }),
      row({ department: "design", developer: "ito", spendUsd: 50 }),
    ],
    budgets: [
      { department: "design", budgetUsd: 1000 },
      { department: "engineering", budgetUsd: 60 },
      { department: "new", budgetUsd: undefined },
    ],
    organizationBudgetUsd: 2000,
    today: "2026-06-11",
    billedUsd: { design: 49, engineering: 41 },
  });

  it("adds up this month only, the dearest first, and forecasts from the month before too", () => {
    assert.deepEqual(
      report.departments.map(({ department, forecast }) => [department, forecast.spentUsd]),
      [
        ["design", 50],
        ["engineering", 40],
        ["new", 0],
      ],
    );
    assert.equal(report.total.spentUsd, 90);
    assert.ok(report.departments[1]!.forecast.exhaustedOn !== undefined);
    assert.deepEqual(
      totalsBy(report.rows, "model").map(({ model, spendUsd }) => [model, spendUsd]),
      [
        ["light", 80],
        ["standard", 10],
      ],
    );
  });

  it("shows a lead nothing of another department", () => {
    const own = onlyDepartment(report, "engineering");
    const html = renderHtml(own, "Use, engineering");
    assert.ok(!/design|ito|49|\b2,?000\b/.test(html + renderCsv(own.rows) + JSON.stringify(own)));
    assert.match(html, /tanaka/);
    assert.throws(() => onlyDepartment(report, "sales"), /no department sales/);
  });

  it("writes a page that runs nothing, loads nothing and escapes what people choose", () => {
    const html = renderHtml({ ...report, rows: [row({ developer: "<script>" })] }, 'A & "B" <i>');
    assert.ok(!/<script|src=|href=|@import|url\(/.test(html));
    assert.match(html, /A &#38; &#34;B&#34; &#60;i&#62;/);
    assert.match(html, /default-src 'none'/);
  });

  it("writes CSV that a spreadsheet neither splits nor runs", () => {
    const csv = renderCsv([row({ developer: 'a,"b"', model: "=1+1", spendUsd: 0.1 + 0.2 })]);
    assert.equal(csv.split("\r\n")[1], '2026-06-10,engineering,"a,""b""",\'=1+1,0.3,1,0,10,1,0');
  });

  it("publishes forecasts in percent and yesterday's spend by model, never by developer", () => {
    const published = planReportMetrics(report, "example");
    const names = published.map(({ MetricName, Dimensions }) =>
      [MetricName, ...Dimensions!.map(({ Value }) => Value)].join(" "),
    );
    assert.deepEqual(names, [
      "ForecastPercent example",
      "ForecastPercent design",
      "ForecastPercent engineering",
      "DailySpendUsd design light",
      "DailySpendUsd engineering light",
    ]);
    assert.ok(published.every(({ Value }) => Number.isFinite(Value)));
  });
});
