import { addSums } from "./estimate";
import type { CostChange, CostSums, StackCost } from "./document";

/** US dollars with two digits and thousands apart, such as `1,104.52`. */
export function dollars(usd: number): string {
  // Without a sign for a sum that rounds to nothing.
  const rounded = Math.round(usd * 100) / 100 || 0;
  return rounded.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A difference, such as `12.50 more` or `nothing more`. */
export function sayMore(difference: number): string {
  const amount = dollars(Math.abs(difference));
  return amount === "0.00" ? "no more" : `$${amount} ${difference > 0 ? "more" : "less"}`;
}

const noCost: CostSums = { fixed: 0, developers: 0, use: 0, total: 0 };

/** One sentence on the cost of stacks, with what has no price. */
export function sayCost(costs: readonly StackCost[]): string {
  const { fixed, developers, use, total } = addSums(costs);
  const unknown = [...new Set(costs.flatMap((cost) => cost.unknown.map(({ what }) => what)))];
  const parts = `$${dollars(fixed)} fixed, $${dollars(developers)} for developers, $${dollars(use)} for use`;
  const missing = unknown.length > 0 ? `, and without a price: ${unknown.join(", ")}` : "";
  return `about $${dollars(total)} a month without model use: ${parts}${missing}`;
}

/** One sentence on what a change adds to the cost, or undefined where no side was estimated. */
export function sayCostChange(changes: readonly CostChange[]): string | undefined {
  const after = changes.flatMap((change) => change.after ?? []);
  if (after.length === 0 && changes.every(({ before }) => before === undefined)) return undefined;
  const was = addSums(changes.map(({ before }) => before ?? noCost));
  return `${sayCost(after)}; ${sayMore(addSums(after).total - was.total)} than before`;
}
