/** One group of Cost Explorer's answer, as far as it is read. */
export interface CostGroup {
  /** `Department$engineering`; `Department$` where the tag is missing. */
  readonly Keys?: readonly string[] | undefined;
  readonly Metrics?: Readonly<Record<string, { readonly Amount?: string | undefined }>> | undefined;
}

/**
 * Costs by department of one month, in US dollars, rounded to cents. Untagged cost has the key "".
 */
export function billedByDepartment(groups: readonly CostGroup[]): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { Keys, Metrics } of groups) {
    const department = (Keys?.[0] ?? "").replace(/^Department\$/, "");
    totals[department] = (totals[department] ?? 0) + Number(Metrics?.UnblendedCost?.Amount ?? 0);
  }
  return Object.fromEntries(
    Object.entries(totals)
      .map(([department, usd]) => [department, Math.round(usd * 100) / 100] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** First day of today's month and the day after today: Cost Explorer's end is exclusive. */
export function monthUntil(now: Date): { readonly Start: string; readonly End: string } {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const tomorrow = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
  return { Start: `${day(now).slice(0, 7)}-01`, End: day(tomorrow) };
}
