/**
 * The checked spec: a stack file with defaults filled in and shares computed, after every fault has
 * been refused. The file's values have their type from the declaration (schema/); this file adds
 * the derived values. Money in US dollars a month, other units in the names.
 */
import type { DataControl, DataPurpose } from "./data-control";
import type { Spec } from "./fill";
import type { department, developer } from "./schema/department";
import type { cap, extraBudget, guardrail, platform } from "./schema/platform";
import type { kept } from "./schema/kept";
import type { ImageKey } from "./image-sources";
import type { gateway, images, network, observability } from "./schema/sections";
import type { GatewayExtra } from "./terms";

/** Limits of a department or developer, or a department's cap. */
export type Limits = Omit<Spec<typeof cap>, "guardrail">;

/** A guardrail of Bedrock. */
export type Guardrail = Spec<typeof guardrail>;

/**
 * A temporary addition to a department's budget; it ends at the end of `until` (UTC) by AWS's
 * clock.
 */
export type ExtraBudget = Spec<typeof extraBudget>;

/** The platform file's own section and caps, seen by every stack that shares from it. */
export interface PlatformSpec extends Omit<Spec<typeof platform>, "caps"> {
  /** The platform stack's name. */
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  /** Caps by department; `default` serves every department not named. */
  readonly caps: { readonly default: Limits } & Readonly<Record<string, Limits>>;
  /** Guardrails that caps name, by department; `default` serves every department not named. */
  readonly guardrails: Readonly<Record<string, Guardrail>>;
  /**
   * SHA-256 over caps, extra budgets and organization budget: a department's `up` compares it with
   * the platform's output.
   */
  readonly capsHash: string;
}

/** What a stack takes over from an earlier one, by purpose. */
export interface KeptSpec extends Spec<typeof kept> {
  /** Keys of adopted homes. */
  readonly homeKeys: readonly string[];
}

export type NetworkSpec = Spec<typeof network>;
export type GatewaySpec = Spec<typeof gateway>;
export type ObservabilitySpec = Spec<typeof observability>;

/**
 * Pinned digests and image ids. Shipped values are samples: a preview says so, and an `up` refuses
 * them.
 */
export interface ImagesSpec extends Spec<typeof images> {
  /** Tags of the images whose value names one; the images' own values are the digests alone. */
  readonly tags: Readonly<Partial<Record<ImageKey, string>>>;
  /** Keys whose value is a shipped sample, or whose key the files lack. */
  readonly samples: readonly string[];
}

export interface DeveloperSpec extends Spec<typeof developer> {
  readonly id: string;
  /** True for a zero share: the key is created blocked. */
  readonly blocked: boolean;
}

export type WorkspaceSpec = DeveloperSpec["workspace"];
/** A working-time window, in the platform's time zone, outside which a workspace is stopped. */
export type ScheduleSpec = NonNullable<WorkspaceSpec["schedule"]>;

export interface DepartmentSpec extends Omit<Spec<typeof department>, "developers" | "workspace"> {
  /** The stack's name. */
  readonly name: string;
  /** This department's extra budgets, from the platform's file. */
  readonly extraBudgets: readonly ExtraBudget[];
  /** The cap that applies: `caps.NAME` or `caps.default`. */
  readonly cap: Limits;
  /** Sorted by id. */
  readonly developers: readonly DeveloperSpec[];
}

/** The network's part in the place of homes. */
export interface HomesSpec {
  /** Zones that the network was made with: homes stand in these. */
  readonly zones: number;
  /** Range of a zone that was added later. */
  readonly addedCidr?: string;
}

/** A source of code that workspaces in a network use. */
export interface SourceSpec {
  /** `codecommit`, or the name of a PrivateLink service. */
  readonly service: string;
  /** Its private names, each exact; none: it is reached by its endpoint's own name. */
  readonly hosts: readonly string[];
}

/** One stack, checked. Its sections determine the parts that the stack has of its own. */
export interface StackSpec {
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  /**
   * The platform's settings: this stack's own when `department` is absent, else those of
   * `sharedFrom`.
   */
  readonly platform: PlatformSpec;
  /** The platform stack that facts come from; absent on a platform. */
  readonly sharedFrom?: string;
  /**
   * The stack's own network, gateway and observability; absent: shared. A platform has all three.
   */
  readonly network?: NetworkSpec;
  /** Where the workspaces of this stack stand, in its own network or the platform's. */
  readonly homes: HomesSpec;
  readonly gateway?: GatewaySpec;
  /** Routes that the gateway opens which this stack uses: its own, or the platform's. */
  readonly extras: readonly GatewayExtra[];
  /**
   * Routes that any gateway opens whose role this stack's boundary bounds or whose calls leave by its endpoints: its own, and on a
   * platform those of its departments.
   */
  readonly extrasWithin: readonly GatewayExtra[];
  readonly observability?: ObservabilitySpec;
  readonly images: ImagesSpec;
  /**
   * Images that departments with a gateway of their own pin in this platform's account: its mirror
   * copies theirs, too.
   */
  readonly guestImages: readonly ImagesSpec[];
  /** What this stack and its platform take over, by stack. */
  readonly kept: Readonly<Record<string, KeptSpec>>;
  /** Present on a department's stack. */
  readonly department?: DepartmentSpec;
  /**
   * Departments with a network of their own that use this stack's gateway, sorted. With any, the
   * gateway has an endpoint service. Always empty on a department.
   */
  readonly gatewayClients: readonly string[];
  /** Sources of code of all workspaces in the stack's own network; empty without one. */
  readonly sources: readonly SourceSpec[];
  readonly dataControl: Readonly<Record<DataPurpose, DataControl>>;
  /**
   * Notes for the reader of the preview, e.g. an extra budget that has ended, sample images, a
   * quota to raise.
   */
  readonly notes: readonly string[];
}
