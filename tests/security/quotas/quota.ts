import type { DeployedStack } from "../../support/deployed";

export type Resource = DeployedStack["resources"][number];
export type Inputs = Readonly<Record<string, unknown>>;

/** How much of a quota a resource takes, by what AWS counts it for: the region, a VPC, a role. */
type Taken = readonly (readonly [of: string, amount: number])[];

/** A quota that AWS counts over resources. */
export interface Quota {
  readonly what: string;
  /** Title of AWS's page that says it. */
  readonly page: string;
  /** AWS's default. */
  readonly most: number;
  /** False where AWS raises it for nobody. */
  readonly raisable: boolean;
  /** Its key in `quotas` of a platform's file, where the preview counts it. */
  readonly key?: string;
  readonly takes: (resource: Resource) => Taken;
}

/** What a quota of a whole account or Region counts for. */
export const region = "the region";
export const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
export const inside = (value: unknown): Inputs => (value ?? {}) as Inputs;

/** Every resource of a type takes one of what `of` names. */
export const each =
  (type: string, of: (inputs: Inputs) => unknown = () => region, amount: (inputs: Inputs) => number = () => 1) =>
  (resource: Resource): Taken =>
    resource.type === type ? [[String(of(resource.inputs)), amount(resource.inputs)]] : [];

export const row = (
  what: string,
  page: string,
  most: number,
  takes: Quota["takes"],
  more: { readonly fixed?: boolean; readonly key?: string } = {},
): Quota => ({
  what,
  page,
  most,
  takes,
  raisable: more.fixed !== true,
  ...(more.key !== undefined && { key: more.key }),
});

/** What resources take of a quota, by what AWS counts it for. */
export function takenOf(quota: Quota, resources: readonly Resource[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  for (const [of, amount] of resources.flatMap((resource) => quota.takes(resource)))
    taken.set(of, (taken.get(of) ?? 0) + amount);
  return taken;
}

/** The most that resources take of a quota. */
export const mostTaken = (quota: Quota, resources: readonly Resource[]): number =>
  Math.max(0, ...takenOf(quota, resources).values());
