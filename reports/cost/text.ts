import { byText } from "../document";
import { visible } from "../names";
import type { CostLine, StackCost, UnknownCost } from "./document";
import { addSums } from "./estimate";
import { dollars, sayMore } from "./words";

/** The cost of one stack under its name. */
export interface NamedCost extends StackCost {
  readonly stack: string;
}

/** Price of a model group's model in US dollars for a million tokens. */
export interface TierPrice {
  readonly tier: string;
  readonly model: string;
  readonly input: number;
  readonly output: number;
}

/** What `npm run cost` prints. */
export interface CostReport {
  readonly stacks: readonly NamedCost[];
  /** The day on which the prices were entered. */
  readonly entered: string;
  /** Number of the prices in use that were compared with AWS's page. */
  readonly confirmed: { readonly prices: number; readonly of: number };
  readonly assumptions: Readonly<Record<string, number>>;
  readonly models: { readonly source: string; readonly date: string; readonly tiers: readonly TierPrice[] };
  /** The most that models cost a month, where the gateway stops. */
  readonly modelBudgetUsd: number;
  readonly base?: { readonly name: string; readonly stacks: readonly NamedCost[] };
}

const right = (text: string, width: number): string => text.padStart(width);
const row = (stack: string, people: string, sums: readonly string[]): string =>
  `${visible(stack).slice(0, 20).padEnd(20)} ${right(people, 10)} ${sums.map((each) => right(each, 11)).join(" ")}`;

/** The cost as tables of 80 columns. */
export function renderCost(report: CostReport): string {
  const stacks = [...report.stacks].sort((a, b) => byText(a.stack, b.stack));
  const regions = [...new Set(stacks.map(({ region }) => region))].sort();
  const all = addSums(stacks);
  const people = stacks.reduce((sum, each) => sum + each.people, 0);
  const sums = ({ fixed, developers, use, total }: typeof all): string[] =>
    [fixed, developers, use, total].map(dollars);
  const each = (usd: number): number => (people === 0 ? 0 : usd / people);
  const { fixed, developers, use, total } = all;
  const perDeveloper = { fixed: each(fixed), developers: each(developers), use: each(use), total: each(total) };
  return [
    `US dollars a month in ${regions.join(", ")}; prices of ${report.entered}`,
    "",
    row("stack", "developers", ["fixed", "developers", "use", "total"]),
    ...stacks.map((stack) => row(stack.stack, String(stack.people), sums(stack))),
    row("together", String(people), sums(all)),
    ...(people > 0 ? [row("for each developer", "", sums(perDeveloper))] : []),
    "",
    ...lineTable(stacks.flatMap(({ lines }) => lines)),
    "",
    ...(report.base ? [...difference(report.base, stacks), ""] : []),
    ...notes(report, stacks),
    "",
  ].join("\n");
}

interface Heading {
  readonly what: string;
  readonly share: string;
  readonly quantity: number;
  /** Absent where the lines differ in it. */
  readonly unit: string | undefined;
  readonly usd: number;
}

/** Lines of one heading and share together. */
function headings(lines: readonly CostLine[]): Heading[] {
  const found = new Map<string, Heading>();
  for (const { what, share, quantity, unit, usd } of lines) {
    const key = JSON.stringify([what, share]);
    const known = found.get(key);
    found.set(key, {
      what,
      share,
      quantity: quantity + (known?.quantity ?? 0),
      unit: known && known.unit !== unit ? undefined : unit,
      usd: usd + (known?.usd ?? 0),
    });
  }
  return [...found.values()].sort((a, b) => b.usd - a.usd || byText(a.what, b.what));
}

const quantityText = (quantity: number): string =>
  quantity.toLocaleString("en-US", { maximumFractionDigits: quantity < 10 ? 2 : 0 });

function lineTable(lines: readonly CostLine[]): string[] {
  const line = (what: string, share: string, quantity: string, unit: string, usd: string): string =>
    `${what.padEnd(27)} ${share.padEnd(9)} ${right(quantity, 11)} ${unit.padEnd(19)} ${right(usd, 10)}`;
  return [
    line("what", "paid", "quantity", "unit", "dollars"),
    ...headings(lines).map(({ what, share, quantity, unit, usd }) =>
      line(what, share, unit === undefined ? "" : quantityText(quantity), unit ?? "", dollars(usd)),
    ),
  ];
}

function difference(base: NonNullable<CostReport["base"]>, stacks: readonly NamedCost[]): string[] {
  const [was, is] = [addSums(base.stacks), addSums(stacks)];
  const before = new Map(headings(base.stacks.flatMap(({ lines }) => lines)).map((each) => [keyOf(each), each.usd]));
  const after = new Map(headings(stacks.flatMap(({ lines }) => lines)).map((each) => [keyOf(each), each.usd]));
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .map((key) => [key, before.get(key) ?? 0, after.get(key) ?? 0] as const)
    .filter(([, from, to]) => dollars(from) !== dollars(to));
  const line = (what: string, from: string, to: string, more: string): string =>
    `${what.padEnd(41)} ${right(from, 12)} ${right(to, 12)} ${right(more, 12)}`;
  return [
    line("against the base", "base", "now", "difference"),
    ...changed.map(([key, from, to]) => line(key, dollars(from), dollars(to), dollars(to - from))),
    line("together", dollars(was.total), dollars(is.total), dollars(is.total - was.total)),
    "",
    `${sayMore(is.total - was.total)} than ${visible(base.name)}.`,
  ];
}

const keyOf = ({ what, share }: Heading): string => `${what} (${share})`;

function notes({ confirmed, assumptions, models, modelBudgetUsd }: CostReport, stacks: readonly NamedCost[]): string[] {
  const lines = stacks.flatMap(({ lines: each }) => each);
  const estimates = [...new Set(lines.flatMap(({ estimate }) => estimate ?? []))].sort();
  return [
    `Model use comes on top; the gateway stops it at $${dollars(modelBudgetUsd)} a month.`,
    `Dollars for a million tokens in and out (${models.date}):`,
    ...models.tiers.map(
      ({ tier, model, input, output }) => `  ${tier.padEnd(9)} ${model.padEnd(20)} ${input} and ${output}`,
    ),
    `Assumed: ${String(assumptions["workspaceHours"])} hours of each workspace, ${String(assumptions["logGbPerDeveloper"])} GB of logs a developer (--json: all).`,
    `${confirmed.prices} of ${confirmed.of} prices are confirmed with AWS's page; the others lack that.`,
    ...(estimates.length > 0
      ? [`Estimated by a factor, since the region has no prices: ${estimates.join(", ")}.`]
      : []),
    ...unknownLines(stacks.flatMap(({ unknown }) => unknown)),
  ];
}

function unknownLines(unknown: readonly UnknownCost[]): string[] {
  if (unknown.length === 0) return ["Every resource is priced or free."];
  return [
    "Not in the sums:",
    ...unknown.map(
      ({ what, reason, names }) => `  ${what}: ${reason} (${names.length}, such as ${visible(names[0] ?? "")})`,
    ),
  ];
}
