import { stringify } from "csv-stringify/sync";
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

/** Rows as CSV with a header line (RFC 4180); a cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function renderCsv(rows: readonly UsageRow[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    record_delimiter: "windows",
    escape_formulas: true,
    // A line break alone is quoted, too: readers take it for the end of a row.
    quoted_match: /[\r\n]/,
    cast: { number: (value) => String(Math.round(value * 1e6) / 1e6) },
  });
}
