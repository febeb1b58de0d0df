import type { StackSpec } from "../config";
import type { Registered } from "../offline/monitor";
import { documentProps } from "../offline/values";
import { planStackCost, type StackCost } from "../reports";

/** The monthly cost of a stack's resources, as a preview or a run as deployed shows them. */
export function costOf({ region, department, platform }: StackSpec, resources: readonly Registered[]): StackCost {
  return planStackCost({
    region,
    people: department?.developers.length ?? 0,
    modelBudgetUsd: (department ?? platform).monthlyBudgetUsd,
    resources: resources.map(({ urn, type, name, inputs, propertyDependencies }) => ({
      urn,
      type,
      name,
      inputs: documentProps(inputs),
      propertyDependencies,
    })),
  });
}
