import type { Guardrails } from "./guardrails";
import type { DepartmentSpec, DeveloperSpec, ExtraBudget, Limits, StackSpec } from "./model";
import type { ModelGroup } from "./terms";

/**
 * Declared state for the access reconciler and the key rotation: one object of the platform, one of
 * each department. Plain JSON without secrets. Caps are in the platform's object only, so a
 * department cannot raise its own.
 */

/** The platform's object, `state/platform.json`. */
export interface PlatformState {
  readonly version: 1;
  /** Its stack file. */
  readonly source: string;
  readonly organization: string;
  readonly monthlyBudgetUsd: number;
  readonly caps: { readonly default: Limits } & Readonly<Record<string, Limits>>;
  readonly extraBudgets: readonly ExtraBudget[];
  readonly guardrails: Guardrails;
}

/** One developer of a department, with the computed share. */
export interface DeclaredDeveloper extends Limits {
  readonly id: string;
  readonly blocked: boolean;
}

/** A department's object, `state/departments/NAME.json`. */
export interface DepartmentState extends Limits {
  readonly version: 1;
  readonly source: string;
  readonly department: string;
  readonly lead: string;
  readonly costCenter: string;
  readonly keepPromptText: boolean;
  /** ARNs of the department's tagged inference profiles. */
  readonly profiles: Readonly<Partial<Record<ModelGroup, string>>>;
  /** Sorted by id. */
  readonly developers: readonly DeclaredDeveloper[];
}

/** Keys of the objects in the gateway's bucket. */
export const stateKeys = {
  platform: "state/platform.json",
  departments: "state/departments/",
  department: (name: string) => `state/departments/${name}.json`,
} as const;

const limits = ({ monthlyBudgetUsd, tpm, rpm, models, priority }: Limits): Limits => ({
  monthlyBudgetUsd,
  tpm,
  rpm,
  models,
  priority,
});

/** The declared state of a platform. */
export function platformState({ platform }: Pick<StackSpec, "platform">): PlatformState {
  const caps = Object.entries(platform.caps).map(([name, cap]) => [name, limits(cap)] as const);
  return {
    version: 1,
    source: `stacks/Pulumi.${platform.stack}.yaml`,
    organization: platform.organization,
    monthlyBudgetUsd: platform.monthlyBudgetUsd,
    caps: { ...Object.fromEntries(caps), default: limits(platform.caps.default) },
    extraBudgets: platform.extraBudgets,
    guardrails: platform.guardrails,
  };
}

/** The declared state of a department, with the ARNs of its stack's profiles. */
export function departmentState(department: DepartmentSpec, profiles: DepartmentState["profiles"]): DepartmentState {
  const { name, lead, costCenter, keepPromptText } = department;
  return {
    version: 1,
    source: `stacks/Pulumi.${name}.yaml`,
    department: name,
    lead,
    costCenter,
    keepPromptText,
    ...limits(department),
    profiles,
    developers: department.developers.map((developer: DeveloperSpec) => ({
      id: developer.id,
      blocked: developer.blocked,
      ...limits(developer),
    })),
  };
}
