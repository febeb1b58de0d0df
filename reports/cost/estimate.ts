import { byText } from "../document";
import { isComponent } from "../tree";
import type { CostLine, CostSums, StackCost, UnknownCost } from "./document";
import { free } from "./free";
import { priceOf } from "./price-list";
import { rules, type Charge, type PlannedResource, type Share, type Surroundings } from "./rules";

/** A stack to estimate. */
export interface CostedStack {
  readonly region: string;
  /** Number of developers declared. */
  readonly people: number;
  /** Model spend a month at which the gateway stops, in US dollars. */
  readonly modelBudgetUsd: number;
  readonly resources: readonly PlannedResource[];
}

/** Components of one developer: what stands below them is that developer's. */
const personal = ["cline:workspace:DeveloperWorkspace", "cline:gateway:VirtualKey"];

/** The monthly cost of a stack's planned or deployed resources. Pure. */
export function planStackCost({ region, people, modelBudgetUsd, resources }: CostedStack): StackCost {
  const around = surroundings(resources);
  const lines = new Map<string, CostLine>();
  const unknown = new Map<string, UnknownCost>();
  const miss = (what: string, reason: string, { name }: PlannedResource): void => {
    const key = JSON.stringify([what, reason]);
    unknown.set(key, { what, reason, names: [...(unknown.get(key)?.names ?? []), name] });
  };
  for (const resource of [...resources].sort((a, b) => byText(a.urn, b.urn))) {
    const { type } = resource;
    const rule = rules[type];
    if (rule === undefined) {
      if (!(type in free) && !isComponent(type)) miss(type, "no rule and no reason to be free", resource);
      continue;
    }
    for (const charge of rule(resource, around)) {
      // A resource may name a region of its own, such as us-east-1 for IAM's events.
      const place = typeof resource.inputs["region"] === "string" ? resource.inputs["region"] : region;
      const price = priceOf(charge.item, place);
      if (charge.quantity === undefined) miss(charge.item, "the plan does not tell how much", resource);
      else if (price === undefined) miss(charge.item, `no price in ${place}`, resource);
      else add(lines, charge, charge.quantity, price);
    }
  }
  const sorted = [...lines.values()].sort((a, b) => byText(a.what, b.what) || byText(a.item, b.item));
  return { region, people, ...sumsOf(sorted), lines: sorted, unknown: [...unknown.values()], modelBudgetUsd };
}

function add(
  lines: Map<string, CostLine>,
  { what, item, share }: Charge,
  quantity: number,
  { usd, unit, estimate }: NonNullable<ReturnType<typeof priceOf>>,
): void {
  const key = JSON.stringify([what, item, share, usd]);
  const all = quantity + (lines.get(key)?.quantity ?? 0);
  const priced = { what, share, item, quantity: all, unit, unitUsd: usd, usd: all * usd };
  lines.set(key, { ...priced, ...(estimate !== undefined && { estimate }) });
}

function sumsOf(lines: readonly CostLine[]): CostSums {
  const of = (share: Share): number => lines.reduce((sum, line) => sum + (line.share === share ? line.usd : 0), 0);
  const [fixed, developers, use] = [of("fixed"), of("developer"), of("use")];
  return { fixed, developers, use, total: fixed + developers + use };
}

/** Sums of several stacks. */
export function addSums(costs: readonly CostSums[]): CostSums {
  const of = (key: keyof CostSums): number => costs.reduce((sum, each) => sum + each[key], 0);
  return { fixed: of("fixed"), developers: of("developers"), use: of("use"), total: of("total") };
}

function surroundings(resources: readonly PlannedResource[]): Surroundings {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return {
    behind: ({ propertyDependencies }, property, type) =>
      (propertyDependencies[property] ?? []).flatMap((urn) => {
        const found = byUrn.get(urn);
        return found?.type === type ? [found] : [];
      }),
    beside: ({ type, propertyDependencies }, property) => {
      const targets = new Set(propertyDependencies[property]);
      return resources
        .filter((each) => each.type === type && each.propertyDependencies[property]?.some((urn) => targets.has(urn)))
        .sort((a, b) => byText(a.urn, b.urn));
    },
    isPersonal: ({ urn }) => {
      const types = urn.split("::")[2]?.split("$") ?? [];
      return types.some((type) => personal.includes(type));
    },
  };
}
