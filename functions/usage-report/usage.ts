import { isOpen, type BatchLedger } from "../shared/batch-ledger";

/** Use of one model by one developer on one day. */
export interface UsageRow {
  /** ISO date, UTC. */
  readonly date: string;
  readonly department: string;
  readonly developer: string;
  /** Model group: light, standard, strong; with `-batch` what its batches used. */
  readonly model: string;
  readonly spendUsd: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
}

/** A page of LiteLLM's /team/daily/activity, as far as it is read here. */
export interface ActivityPage {
  readonly results: readonly {
    readonly date: string;
    readonly breakdown: { readonly model_groups: Readonly<Record<string, ModelActivity>> };
  }[];
  readonly metadata: { readonly total_pages?: number };
}

interface ModelActivity {
  readonly api_key_breakdown: Readonly<
    Record<string, { readonly metrics: Metrics; readonly metadata: { readonly user_id?: string | null } }>
  >;
}

interface Metrics {
  readonly spend: number;
  readonly api_requests: number;
  readonly failed_requests: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cache_read_input_tokens: number;
}

/** Developer of a row whose key has no user in LiteLLM any more. */
export const unknownDeveloper = "(unknown)";

const add = (a: UsageRow, b: UsageRow): UsageRow => ({
  ...a,
  spendUsd: a.spendUsd + b.spendUsd,
  requests: a.requests + b.requests,
  failedRequests: a.failedRequests + b.failedRequests,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
});

/**
 * Rows of one department's pages, sorted by date, developer and model. A developer's keys, and a
 * day on two pages, are added up.
 */
export function planRows(department: string, pages: readonly ActivityPage[]): readonly UsageRow[] {
  const rows = new Map<string, UsageRow>();
  for (const { date, breakdown } of pages.flatMap((page) => page.results)) {
    for (const [model, activity] of Object.entries(breakdown.model_groups)) {
      for (const { metrics, metadata } of Object.values(activity.api_key_breakdown)) {
        const row: UsageRow = {
          date,
          department,
          developer: metadata.user_id ?? unknownDeveloper,
          model,
          spendUsd: metrics.spend,
          requests: metrics.api_requests,
          failedRequests: metrics.failed_requests,
          inputTokens: metrics.prompt_tokens,
          outputTokens: metrics.completion_tokens,
          cacheReadTokens: metrics.cache_read_input_tokens,
        };
        const key = [date, row.developer, model].join("\n");
        const present = rows.get(key);
        rows.set(key, present ? add(present, row) : row);
      }
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/**
 * Rows of a department's ended batches, each on the day of its end. LiteLLM does not count batches.
 */
export function batchRows(ledger: BatchLedger): readonly UsageRow[] {
  return ledger.jobs
    .filter((job) => !isOpen(job))
    .map((job): UsageRow => {
      const { developer, model, records, succeeded = 0 } = job;
      return {
        date: (job.endedAt ?? "").slice(0, 10),
        department: ledger.department,
        developer,
        model: `${model}-batch`,
        spendUsd: job.costUsd ?? 0,
        requests: records,
        failedRequests: records - succeeded,
        inputTokens: job.inputTokens ?? 0,
        outputTokens: job.outputTokens ?? 0,
        cacheReadTokens: 0,
      };
    });
}

/** Rows added up by a name, the dearest first. */
export function totalsBy(rows: readonly UsageRow[], name: "department" | "developer" | "model"): readonly UsageRow[] {
  const totals = new Map<string, UsageRow>();
  for (const row of rows) {
    const present = totals.get(row[name]);
    totals.set(row[name], present ? add(present, row) : row);
  }
  return [...totals.values()].sort((a, b) => b.spendUsd - a.spendUsd || (a[name] < b[name] ? -1 : 1));
}

/** Spend per day, oldest first. Days without use are absent; {@link fillDays} adds them. */
export function dailySpend(rows: readonly UsageRow[]): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  for (const { date, spendUsd } of rows) days.set(date, (days.get(date) ?? 0) + spendUsd);
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Whole days before `today`, from the first day with use, at most 62. A day without use counts as
 * zero.
 */
export function fillDays(days: ReadonlyMap<string, number>, today: string): { date: string; spendUsd: number }[] {
  const first = [...days.keys()].sort()[0];
  if (first === undefined || first >= today) return [];
  const filled: { date: string; spendUsd: number }[] = [];
  for (let at = new Date(`${today}T00:00:00Z`).getTime() - 86_400_000; filled.length < 62; at -= 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    if (date < first) break;
    filled.push({ date, spendUsd: days.get(date) ?? 0 });
  }
  return filled.reverse();
}
