import path from "node:path";
import {
  catalogueModel,
  catalogueSource,
  embeddingGroup,
  embeddingModel,
  loadStacks,
  modelTiers,
  type StackSpec,
} from "../config";
import {
  assumptions,
  prices,
  pricesEntered,
  renderCost,
  type CostReport,
  type NamedCost,
  type TierPrice,
} from "../reports";
import { changedProgram, copyBase } from "./base";
import { planTouched } from "./changes/touched";
import { sideOf } from "./compare";
import { costOf } from "./costed";
import { progress, written } from "./streams";
import { runStacks, type PlanOptions } from "./plan";
import { exit, parseFlags } from "./usage";

export const summary = "what the stacks cost a month: fixed, by developer and by use";

export const help = `npm run cost [-- STACK… OPTIONS]

${summary}, from the planned resources and the prices in reports/cost/prices.json. Without a
STACK: all of stacks/. No account is needed.

  --base REV|DIR       also the difference from a git revision, or from a folder with stacks/
  --json               every line, price and assumption as JSON
Exit codes: 0 estimated, 2 a fault in a stack file, the program or the call.
`;

const flags = { base: { type: "string" }, json: { type: "boolean" } } as const;

/** Prints the estimate. Resolves with the exit code. */
export async function run(args: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseFlags(args, flags, help);
  const report = await reportOf({ root, stacks: positionals, asDeployed: true, progress }, values.base);
  await written(values.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderCost(report));
  return exit.ok;
}

/** The estimate of the chosen stacks, and of the same in the base. */
async function reportOf(options: PlanOptions, base: string | undefined): Promise<CostReport> {
  const head = await costsOf(options);
  const before = base === undefined ? undefined : { name: base, stacks: await baseCosts(options, base, head.costs) };
  return { ...reportOn(head), ...(before && { base: before }) };
}

interface Costs {
  readonly specs: readonly StackSpec[];
  readonly costs: readonly NamedCost[];
}

async function costsOf(options: PlanOptions): Promise<Costs> {
  const runs = await runStacks(options);
  return {
    specs: runs.map(({ spec }) => spec),
    costs: runs.map(({ spec, run: { resources } }) => ({ stack: spec.stack, ...costOf(spec, resources) })),
  };
}

/** Costs of the same stacks in the base; what the change cannot touch costs what it costs now. */
async function baseCosts(
  options: PlanOptions,
  base: string,
  head: readonly NamedCost[],
): Promise<readonly NamedCost[]> {
  const copy = copyBase(options.root, base);
  try {
    const [before, after] = [sideOf(copy.folder), sideOf(options.root)];
    const touched = new Set(planTouched(before, after, changedProgram(copy.folder, options.root)).stacks);
    const asked = new Set(options.stacks);
    const stacks = loadStacks(copy.folder)
      .map(({ stack }) => stack)
      .filter((stack) => touched.has(stack) && (asked.size === 0 || asked.has(stack)));
    const kept = head.filter(({ stack }) => !touched.has(stack));
    if (stacks.length === 0) return kept;
    const ofBase = (line: string): void => options.progress(`${path.basename(base)}: ${line}`);
    return [...kept, ...(await costsOf({ ...options, root: copy.folder, stacks, progress: ofBase })).costs];
  } finally {
    copy.remove();
  }
}

function reportOn({ specs, costs }: Costs): CostReport {
  const used = [...new Set(costs.flatMap(({ lines }) => lines.map(({ item }) => item)))];
  // The platform's budget holds the departments'.
  const budgets = specs.filter(({ department }) => department === undefined);
  const bounded = new Set((budgets.length > 0 ? budgets : specs).map(({ stack }) => stack));
  return {
    stacks: costs,
    entered: pricesEntered,
    confirmed: { prices: used.filter((item) => prices[item]?.confirmed).length, of: used.length },
    assumptions,
    models: { ...catalogueSource, tiers: specs[0] ? tierPrices(specs[0]) : [] },
    modelBudgetUsd: costs.reduce((sum, each) => sum + (bounded.has(each.stack) ? each.modelBudgetUsd : 0), 0),
  };
}

function tierPrices({ platform: { models, residency }, extras }: StackSpec): TierPrice[] {
  const tiers = modelTiers.flatMap((tier): TierPrice[] => {
    const price = catalogueModel(models[tier]).prices[residency];
    return price ? [{ tier, model: models[tier], input: price.input, output: price.output }] : [];
  });
  const { name, price } = embeddingModel;
  return extras.includes("embeddings")
    ? [...tiers, { tier: embeddingGroup, model: name, input: price, output: 0 }]
    : tiers;
}
