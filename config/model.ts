/**
 * The checked spec: what a stack file says once defaults are filled in, shares are computed and every fault has been refused.
 * Components read this and nothing else of the stack files. All money is in US dollars a month, all times in the unit their name says.
 */

import type { ModelName } from "./catalogue";

/** LiteLLM model groups by task: `light` for first ideas (Cline's Plan mode), `standard` and `strong` for real work (Act mode). */
export const modelTiers = ["light", "standard", "strong"] as const;
export type ModelTier = (typeof modelTiers)[number];

/** Queue class of a key's requests at the gateway. */
export const priorities = ["low", "normal", "high"] as const;
export type Priority = (typeof priorities)[number];

/** Where prompts may be processed: the inference profiles' geography. */
export const residencies = ["jp", "us", "eu", "au", "apac", "global"] as const;
export type Residency = (typeof residencies)[number];

/** How MFA is proved for a session; see docs/security.md. */
export const mfaModes = ["assume-role", "iam-user", "identity-center"] as const;
export type MfaMode = (typeof mfaModes)[number];

export const workspaceSizes = ["small", "medium", "large", "xlarge"] as const;
export type WorkspaceSize = (typeof workspaceSizes)[number];

/** Limits of a department, or the most that a department's file may give out. */
export interface Limits {
  readonly monthlyBudgetUsd: number;
  /** Tokens per minute. */
  readonly tpm: number;
  /** Requests per minute. */
  readonly rpm: number;
  readonly models: readonly ModelTier[];
  readonly priority: Priority;
}

/** A temporary addition to a department's budget; AWS's clock ends it at the end of `until` (UTC). */
export interface ExtraBudget {
  readonly department: string;
  readonly amountUsd: number;
  readonly reason: string;
  readonly approvedBy: string;
  /** ISO date, inclusive. */
  readonly until: string;
}

/** identity-center only: who attests until when that the identity provider demands MFA. */
export interface MfaAttestation {
  readonly by: string;
  /** ISO date, inclusive. */
  readonly until: string;
}

/** What only the paying account may do: cost allocation tags, Cost Explorer, anomaly detection. */
export interface BillingSpec {
  readonly accountId: string;
}

/** The platform file's own section and caps, seen by every stack that shares from it. */
export interface PlatformSpec {
  /** The platform stack's name. */
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  /** Prefix of physical names. */
  readonly organization: string;
  readonly monthlyBudgetUsd: number;
  readonly alertEmails: readonly string[];
  readonly residency: Residency;
  /** The catalogue's model behind each tier. */
  readonly models: Readonly<Record<ModelTier, ModelName>>;
  readonly mfaMode: MfaMode;
  readonly mfaAttestation?: MfaAttestation;
  readonly operators: readonly string[];
  readonly auditors: readonly string[];
  /** Caps by department; `default` serves every department not named. */
  readonly caps: { readonly default: Limits } & Readonly<Record<string, Limits>>;
  readonly extraBudgets: readonly ExtraBudget[];
  /** DNS domain whose public ACM certificate the gateway uses; absent: a private certificate that workspaces trust. */
  readonly domain?: string;
  /** IANA time zone of schedules and reports. */
  readonly timeZone: string;
  /** `dedicated`: account-wide singletons are this stack's; `shared`: they are left to the account's owner. */
  readonly account: "dedicated" | "shared";
  readonly billing?: BillingSpec;
  /** The account in which people's IAM users live; the platform's own by default. */
  readonly identityAccount: string;
  /** SHA-256 over caps, extra budgets and organization budget: a department's `up` compares it with the platform's output. */
  readonly capsHash: string;
}

export interface NetworkSpec {
  /** RFC 1918, /16 to /24. */
  readonly cidr: string;
  /** Availability zones used: 2 or 3. */
  readonly zones: 2 | 3;
}

export interface GatewaySpec {
  /** Floor and ceiling of LiteLLM tasks. */
  readonly minTasks: number;
  readonly maxTasks: number;
}

export interface ObservabilitySpec {
  readonly logRetentionDays: number;
  /** An external ClickHouse's HTTPS URL; absent: one host of our own. */
  readonly clickHouseUrl?: string;
}

/** What runs: pinned digests and image ids. Shipped values are samples, which a preview says and an `up` refuses. */
export interface ImagesSpec {
  /** AMI id of the workspaces (Amazon Linux 2023, arm64). */
  readonly workspaceAmi: string;
  /** sha256 digests of the mirrored images. */
  readonly gateway: string;
  readonly langfuse: string;
  readonly langfuseWorker: string;
  readonly clickHouse: string;
  readonly collector: string;
  /** True when any value is a shipped sample. */
  readonly samples: boolean;
}

/** A working-time window outside which a workspace is stopped. */
export interface ScheduleSpec {
  /** "08:00" to "20:00" in the platform's time zone. */
  readonly start: string;
  readonly stop: string;
  readonly days: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
}

export interface WorkspaceSpec {
  readonly size: WorkspaceSize;
  /** Absent: started by its owner, stopped when idle. */
  readonly schedule?: ScheduleSpec;
  /** Minutes without a session or activity before it is stopped. */
  readonly idleMinutes: number;
  /** GiB of the home volume. */
  readonly homeGiB: number;
  /** PrivateLink service names (com.amazonaws.vpce.REGION.vpce-svc-…) or "codecommit" from which source code may come. */
  readonly sources: readonly string[];
}

export interface DeveloperSpec extends Limits {
  readonly id: string;
  /** Name of the IAM or Identity Center user where it is not the id. */
  readonly signIn: string;
  /** A zero share: the key is made blocked. */
  readonly blocked: boolean;
  readonly workspace: WorkspaceSpec;
  readonly sshPublicKey?: string;
  /** An earlier home volume to adopt: vol-… */
  readonly homeVolume?: string;
}

export interface DepartmentSpec extends Limits {
  /** The stack's name. */
  readonly name: string;
  readonly lead: string;
  readonly deputies: readonly string[];
  readonly costCenter: string;
  readonly alertEmails: readonly string[];
  /** Whether prompt and answer text is kept in Langfuse. */
  readonly keepPromptText: boolean;
  /** This department's extra budgets, from the platform's file. */
  readonly extraBudgets: readonly ExtraBudget[];
  /** The cap that applies: `caps.NAME` or `caps.default`. */
  readonly cap: Limits;
  /** Sorted by id. */
  readonly developers: readonly DeveloperSpec[];
}

/** What may be logged and for how long: one table, applied to every log group, bucket, spend log and Langfuse project. */
export interface DataControl {
  /** What it is about, e.g. `session-logs`. */
  readonly purpose: DataPurpose;
  readonly retentionDays: number;
  /** Object Lock in compliance mode on the bucket, or a log group that nobody but the account's administration path may delete. */
  readonly legalHold: boolean;
  /** Whether prompt or answer text may stand in it. */
  readonly promptText: boolean;
}
export const dataPurposes = [
  "audit-trail",
  "session-logs",
  "flow-logs",
  "dns-logs",
  "gateway-logs",
  "function-logs",
  "workspace-logs",
  "access-logs",
  "spend-logs",
  "langfuse-traces",
  "batch-files",
  "reports",
] as const;
export type DataPurpose = (typeof dataPurposes)[number];

/** One stack, checked. Which sections are present decides which parts the stack has of its own. */
export interface StackSpec {
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  /** The platform's settings: this stack's own when `department` is absent, else those of `sharedFrom`. */
  readonly platform: PlatformSpec;
  /** The platform stack that facts come from; absent on a platform. */
  readonly sharedFrom?: string;
  /** The stack's own network, gateway and observability; absent: shared. A platform has all three. */
  readonly network?: NetworkSpec;
  readonly gateway?: GatewaySpec;
  readonly observability?: ObservabilitySpec;
  readonly images: ImagesSpec;
  /** Present on a department's stack. */
  readonly department?: DepartmentSpec;
  /**
   * Departments with a network of their own that use this stack's gateway, sorted: while there are any, the gateway has an endpoint service.
   * Always empty on a department.
   */
  readonly gatewayClients: readonly string[];
  readonly dataControl: Readonly<Record<DataPurpose, DataControl>>;
  /** Notes for the person at the preview, e.g. an extra budget that has ended, sample images, singletons left to the account's owner. */
  readonly notes: readonly string[];
}
