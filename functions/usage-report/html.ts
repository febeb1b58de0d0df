import { spendChart } from "./chart";
import type { Forecast } from "./forecast";
import type { DepartmentUsage, UsageReport } from "./report";
import { escape, usd } from "./text";
import type { UsageRow } from "./usage";

const count = (value: number) => value.toLocaleString("en-US");
const percent = (part: number, whole: number) => (whole > 0 ? `${String(Math.round((100 * part) / whole))} %` : "–");

type Cell = string | { readonly number: string };
const cell = (value: Cell, tag: "td" | "th") =>
  typeof value === "string"
    ? `<${tag}>${escape(value)}</${tag}>`
    : `<${tag} class="n">${escape(value.number)}</${tag}>`;

function table(caption: string, head: readonly Cell[], body: readonly (readonly Cell[])[]): string {
  if (body.length === 0) return "";
  const row = (cells: readonly Cell[], tag: "td" | "th") => `<tr>${cells.map((c) => cell(c, tag)).join("")}</tr>`;
  return `<table><caption>${escape(caption)}</caption><thead>${row(head, "th")}</thead><tbody>${body
    .map((cells) => row(cells, "td"))
    .join("")}</tbody></table>`;
}

const n = (number: string): Cell => ({ number });

function sentence(forecast: Forecast, budgetUsd: number | undefined): string {
  const { spentUsd, projectedUsd, lowUsd, highUsd, exhaustedOn } = forecast;
  const budget = budgetUsd === undefined ? "" : ` of ${usd(budgetUsd)} (${percent(spentUsd, budgetUsd)})`;
  const end = exhaustedOn === undefined ? "" : ` The budget is expected to run out on ${exhaustedOn}.`;
  return (
    `Spent this month: ${usd(spentUsd)}${budget}. Expected at the month's end: ${usd(projectedUsd)}, ` +
    `with 80 % probability between ${usd(lowUsd)} and ${usd(highUsd)}.${end}`
  );
}

function usageTable(caption: string, name: "developer" | "model", rows: readonly UsageRow[]): string {
  const total = rows.reduce((all, row) => all + row.spendUsd, 0);
  return table(
    caption,
    [
      name === "developer" ? "Developer" : "Model",
      n("Spend"),
      n("Share"),
      n("Requests"),
      n("Failed"),
      n("Tokens in"),
      n("of these from the cache"),
      n("Tokens out"),
    ],
    rows.map((row) => [
      row[name],
      n(usd(row.spendUsd)),
      n(percent(row.spendUsd, total)),
      n(count(row.requests)),
      n(count(row.failedRequests)),
      n(count(row.inputTokens)),
      n(percent(row.cacheReadTokens, row.inputTokens)),
      n(count(row.outputTokens)),
    ]),
  );
}

function section({ department, budgetUsd, forecast, developers, models }: DepartmentUsage): string {
  return `<section><h2>${escape(department)}</h2><p>${escape(sentence(forecast, budgetUsd))}</p>${usageTable(
    `${department}: developers`,
    "developer",
    developers,
  )}${usageTable(`${department}: models`, "model", models)}</section>`;
}

const style =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}" +
  "table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:600}" +
  "th,td{padding:.25rem .6rem;border-bottom:1px solid #d0d7de;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums}" +
  ".over{color:#a40e26;font-weight:600}svg{width:100%;height:8rem;fill:#0b5cad}" +
  "@media(prefers-color-scheme:dark){body{background:#14181d;color:#e6edf3}th,td{border-color:#39414b}svg{fill:#6cb6ff}.over{color:#ff8182}}";

/** A report as one HTML page that loads nothing from anywhere. */
export function renderHtml(report: UsageReport, title: string): string {
  const { departments, total, billedUsd } = report;
  const overview = table(
    "Departments",
    [
      "Department",
      n("Budget"),
      n("Spent"),
      n("Used"),
      n("Expected"),
      "Runs out on",
      ...(billedUsd ? [n("Billed by AWS")] : []),
    ],
    departments.map(({ department, budgetUsd, forecast }) => [
      department,
      n(budgetUsd === undefined ? "–" : usd(budgetUsd)),
      n(usd(forecast.spentUsd)),
      n(budgetUsd === undefined ? "–" : percent(forecast.spentUsd, budgetUsd)),
      n(usd(forecast.projectedUsd)),
      forecast.exhaustedOn ?? "–",
      ...(billedUsd ? [n(usd(billedUsd[department] ?? 0))] : []),
    ]),
  );
  const over = total.projectedUsd > report.organizationBudgetUsd ? ' class="over"' : "";
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>${escape(title)}</title><style>${style}</style></head><body><main><h1>${escape(title)}</h1>` +
    `<p${over}>${escape(sentence(total, report.organizationBudgetUsd))}</p>${spendChart(report.rows, report.today)}${overview}` +
    `${departments.map(section).join("")}</main></body></html>\n`
  );
}
