import type { StackSpec } from "./model";

/**
 * Tags of every taggable resource. `Department` and `Owner` carry access control (ABAC): only this
 * function writes them.
 */
export function tags(
  spec: StackSpec,
  more: { readonly Owner?: string; readonly Purpose?: string } = {},
): Record<string, string> {
  return {
    Project: "cline",
    Organization: spec.platform.organization,
    Stack: spec.stack,
    Department: spec.department?.name ?? spec.stack,
    CostCenter: spec.department?.costCenter ?? "platform",
    ManagedBy: "pulumi",
    ...more,
  };
}

/**
 * Tags that only inference profiles carry, besides {@link tags}. AWS Budgets and Cost Explorer
 * count model spend by them, because every resource of a department carries `Department`.
 */
export const modelSpendTagKeys = { department: "ModelSpend", organization: "ModelSpendOrganization" } as const;
