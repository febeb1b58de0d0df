/**
 * Data-control table: content and retention of every log group, bucket, spend log and Langfuse
 * project.
 */
export interface DataControl {
  /** Kind of data, e.g. `session-logs`. */
  readonly purpose: DataPurpose;
  readonly retentionDays: number;
  /**
   * Object Lock in compliance mode on the bucket, or a log group that only the account's
   * administration path may delete.
   */
  readonly legalHold: boolean;
  /** Whether it may hold prompt or answer text. */
  readonly promptText: boolean;
}
export const dataPurposes = [
  "audit-trail",
  "session-logs",
  "flow-logs",
  "dns-logs",
  "gateway-logs",
  "function-logs",
  "workspace-logs",
  "access-logs",
  "spend-logs",
  "langfuse-traces",
  "batch-files",
  "reports",
] as const;
export type DataPurpose = (typeof dataPurposes)[number];

/** Settings that the table depends on. */
export interface DataControlInput {
  /** `cline:observability.logRetentionDays`. */
  readonly logRetentionDays: number;
  /**
   * `cline:department.keepPromptText`; false on a platform, which has no Langfuse project of its
   * own.
   */
  readonly keepPromptText: boolean;
}

/**
 * The data-control table, for every log group, bucket, spend log and Langfuse project. Retention in
 * days, of values that CloudWatch Logs accepts. Evidence (trail, sessions) is under legal hold.
 * Prompt and answer text is stored in two places only. One is a department's own Langfuse project,
 * when its file allows it; the other is the developer's own batch files.
 */
export function planDataControl({
  logRetentionDays,
  keepPromptText,
}: DataControlInput): Readonly<Record<DataPurpose, DataControl>> {
  const row = (
    purpose: DataPurpose,
    retentionDays: number,
    { legalHold = false, promptText = false } = {},
  ): DataControl => ({ purpose, retentionDays, legalHold, promptText });
  return {
    "audit-trail": row("audit-trail", logRetentionDays, { legalHold: true }),
    "session-logs": row("session-logs", logRetentionDays, { legalHold: true }),
    "flow-logs": row("flow-logs", logRetentionDays),
    "dns-logs": row("dns-logs", logRetentionDays),
    "gateway-logs": row("gateway-logs", logRetentionDays),
    "function-logs": row("function-logs", logRetentionDays),
    "workspace-logs": row("workspace-logs", logRetentionDays),
    "access-logs": row("access-logs", logRetentionDays),
    // Thirteen months, for a comparison with the same month of the previous year.
    "spend-logs": row("spend-logs", 400),
    "langfuse-traces": row("langfuse-traces", 90, { promptText: keepPromptText }),
    "batch-files": row("batch-files", 30, { promptText: true }),
    reports: row("reports", 1827),
  };
}
