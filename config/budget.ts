/** Money is added and divided in whole cents; only inputs and outputs are US dollars. */
export const toCents = (usd: number): number => Math.round(usd * 100);
export const toUsd = (cents: number): number => cents / 100;

/** Division of a budget. All in cents. */
export interface Shares {
  readonly byId: ReadonlyMap<string, number>;
  /** Excess of the explicit shares over the budget; 0 when they fit. */
  readonly excess: number;
}

/**
 * Divides a budget. An explicit share is kept; the others get equal parts of the remainder, floored
 * to cents, so that the sum never exceeds the budget. When the explicit shares exceed it, the
 * others get nothing.
 */
export function planShares(budgetCents: number, explicit: ReadonlyMap<string, number | undefined>): Shares {
  const given = [...explicit.values()].filter((share) => share !== undefined);
  const left = budgetCents - given.reduce((sum, share) => sum + share, 0);
  const others = explicit.size - given.length;
  const equal = others === 0 ? 0 : Math.max(0, Math.floor(left / others));
  return {
    byId: new Map([...explicit].map(([id, share]) => [id, share ?? equal])),
    excess: Math.max(0, -left),
  };
}

/** Sum in cents of the additions in force on `today` (ISO date, UTC); without a date, of all. */
export function extraCents(
  extras: readonly { readonly amountUsd: number; readonly until: string }[],
  today?: string,
): number {
  return extras.filter((extra) => !hasEnded(extra, today)).reduce((sum, extra) => sum + toCents(extra.amountUsd), 0);
}

/**
 * Whether the last day of an addition or attestation is before `today` (ISO date, UTC). False
 * without a date.
 */
export function hasEnded(timed: { readonly until: string }, today: string | undefined): boolean {
  return today !== undefined && timed.until < today;
}
