import type { Known } from "./known";
import type { Limits } from "./model";
import { nearest } from "./nearest";
import type { AnyStack, DepartmentStack, PlatformStack } from "./stack-file";

/** Every readable stack file, and the platform of each department. */
export interface StackSet {
  readonly platforms: readonly PlatformStack[];
  readonly departments: readonly DepartmentStack[];
  /** Names of stacks whose files cannot be read: no check says that they are missing. */
  readonly unread: readonly string[];
  /**
   * The platform that a department names. Where it names none (checkSharing refuses that), the most
   * likely one, so that the rest of the file is checked too. Undefined when there is no likely one.
   */
  platformOf(department: DepartmentStack): PlatformStack | undefined;
  departmentsOf(platform: PlatformStack): readonly DepartmentStack[];
}

/** See StackSet. Both kinds keep the order of `stacks`. */
export function stackSet(stacks: readonly AnyStack[], unread: readonly string[]): StackSet {
  const platforms = stacks.filter((stack) => stack.kind === "platform");
  const departments = stacks.filter((stack) => stack.kind === "department");
  const byName = new Map(platforms.map((platform) => [platform.stack, platform]));
  const only = platforms.length === 1 ? platforms[0] : undefined;
  const platformOf = ({ config }: DepartmentStack) => {
    const name = config["cline:sharedFrom"];
    if (name === undefined) return only;
    if (unread.includes(name)) return undefined;
    return byName.get(name) ?? byName.get(nearest(name, [...byName.keys()]) ?? "") ?? only;
  };
  const sharing = new Map<PlatformStack, DepartmentStack[]>(platforms.map((platform) => [platform, []]));
  for (const department of departments) {
    const platform = platformOf(department);
    if (platform) sharing.get(platform)?.push(department);
  }
  return { platforms, departments, unread, platformOf, departmentsOf: (platform) => sharing.get(platform) ?? [] };
}

/**
 * The account of a stack's resources: a department's own, or else its platform's; undefined where
 * that has a fault.
 */
export function accountOf(stack: AnyStack, platform: PlatformStack): string | undefined {
  const accounts = "aws:allowedAccountIds";
  const owner = accounts in stack.config ? stack : platform;
  return owner.config[accounts]?.[0];
}

/**
 * The cap of a department, and its path: `caps.NAME`, with the settings it leaves out from
 * `caps.default`.
 */
export function capOf(
  platform: PlatformStack,
  department: string,
): { readonly cap: Known<Limits>; readonly name: string } {
  const caps = platform.config["cline:platform"]?.caps ?? {};
  const isNamed = Object.hasOwn(caps, department);
  const own = isNamed ? caps[department] : undefined;
  const cap = isNamed && !own ? {} : { ...caps["default"], ...own };
  return { cap, name: isNamed ? `caps.${department}` : "caps.default" };
}

/** A department's limits: its own values, or else the cap's. */
export function limitsOf({ config }: DepartmentStack, cap: Known<Limits>): Known<Limits> {
  return { ...cap, ...config["cline:department"] };
}
