import type { GatewaySpec, Limits } from "./model";
import { modelTiers } from "./model";
import { nearest } from "./nearest";
import type { AnyStack, DepartmentStack, PlatformStack } from "./stack-file";

/** Every stack file that could be read, and who shares from whom. */
export interface StackSet {
  readonly platforms: readonly PlatformStack[];
  readonly departments: readonly DepartmentStack[];
  /**
   * The platform that a department names. Where it names none (checkSharing refuses that), the one it most likely means, so that the rest of the
   * file is checked too; undefined when that cannot be told.
   */
  platformOf(department: DepartmentStack): PlatformStack | undefined;
  departmentsOf(platform: PlatformStack): readonly DepartmentStack[];
}

/** See StackSet. Both kinds keep the order of `stacks`. */
export function stackSet(stacks: readonly AnyStack[]): StackSet {
  const platforms = stacks.filter((stack) => stack.kind === "platform");
  const departments = stacks.filter((stack) => stack.kind === "department");
  const byName = new Map(platforms.map((platform) => [platform.stack, platform]));
  const only = platforms.length === 1 ? platforms[0] : undefined;
  const platformOf = ({ config }: DepartmentStack) => {
    const name = config["cline:sharedFrom"];
    return byName.get(name) ?? byName.get(nearest(name, [...byName.keys()]) ?? "") ?? only;
  };
  const sharing = new Map<PlatformStack, DepartmentStack[]>(platforms.map((platform) => [platform, []]));
  for (const department of departments) {
    const platform = platformOf(department);
    if (platform) sharing.get(platform)?.push(department);
  }
  return { platforms, departments, platformOf, departmentsOf: (platform) => sharing.get(platform) ?? [] };
}

/** The account a stack's resources stand in: a department's own, or else its platform's. */
export function accountOf(stack: AnyStack, platform: PlatformStack): string {
  return (stack.config["aws:allowedAccountIds"] ?? platform.config["aws:allowedAccountIds"])[0] ?? "";
}

/** What holds where neither `caps.NAME` nor `caps.default` says anything: no limit, as the missing key is a fault already. */
const unlimited: Limits = {
  monthlyBudgetUsd: Infinity,
  tpm: Infinity,
  rpm: Infinity,
  models: modelTiers,
  priority: "high",
};

/** The cap of a department, and where it stands: `caps.NAME`, with what it leaves out from `caps.default`. */
export function capOf(platform: PlatformStack, department: string): { readonly cap: Limits; readonly name: string } {
  const { caps } = platform.config["cline:platform"];
  const own = Object.hasOwn(caps, department) ? caps[department] : undefined;
  const cap = { ...unlimited, ...caps["default"], ...own };
  return { cap, name: own ? `caps.${department}` : "caps.default" };
}

/** A department's limits: its own words, or else the cap's. */
export function limitsOf({ config }: DepartmentStack, cap: Limits): Limits {
  const own = config["cline:department"];
  return {
    monthlyBudgetUsd: own.monthlyBudgetUsd ?? cap.monthlyBudgetUsd,
    tpm: own.tpm ?? cap.tpm,
    rpm: own.rpm ?? cap.rpm,
    models: own.models ?? cap.models,
    priority: own.priority ?? cap.priority,
  };
}

/** Floor and ceiling of a gateway's tasks. */
export function gatewayTasks(gateway: { minTasks?: number; maxTasks?: number }): GatewaySpec {
  const minTasks = gateway.minTasks ?? 2;
  return { minTasks, maxTasks: gateway.maxTasks ?? Math.max(8, minTasks) };
}
