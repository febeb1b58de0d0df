import type { UsageRow } from "./usage";

const columns = [
  "date",
  "department",
  "developer",
  "model",
  "spendUsd",
  "requests",
  "failedRequests",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
] as const satisfies readonly (keyof UsageRow)[];

/** A field as RFC 4180 has it; a leading sign that a spreadsheet would run as a formula is disarmed. */
function field(value: string | number): string {
  if (typeof value === "number") return String(Math.round(value * 1e6) / 1e6);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with a header line; lines end in CRLF. */
export function renderCsv(rows: readonly UsageRow[]): string {
  return [columns.join(","), ...rows.map((row) => columns.map((column) => field(row[column])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}
