import { dataPurposes, noneKept, type DataPurpose, type KeptSpec } from "../../config";
import { stackArns, stackNames, type StackIdentity } from "./names";

/** Input of {@link stackContext}. */
export interface StackSettings extends StackIdentity {
  /** Value of the tag `CostCenter`; default `platform`. */
  readonly costCenter?: string;
  /** IANA time zone of schedules; default `Etc/UTC`. */
  readonly timeZone?: string;
  /**
   * Retention of logs and files in days, by purpose; default 365 each. CloudWatch Logs takes 1, 3,
   * 5, 7, 14, 30, 60, 90, … 365, 400, …
   */
  readonly retentionDays?: Readonly<Partial<Record<DataPurpose, number>>>;
  /** What stacks take over from earlier ones of their names; default nothing. */
  readonly keptBy?: Readonly<Record<string, KeptSpec>>;
}

/**
 * A stack as every component sees it: its identity, and the names, ARNs and tags of its resources.
 * Plain data, made once per stack.
 */
export interface StackContext extends Required<StackSettings> {
  readonly retentionDays: Readonly<Record<DataPurpose, number>>;
  /** What this stack takes over. */
  readonly kept: KeptSpec;
  /** Physical names by kind, e.g. `names.cluster("gateway")`. */
  readonly names: ReturnType<typeof stackNames>;
  /** ARNs by kind over physical names, e.g. `arns.secret(names.secret("gateway-salt"))`. */
  readonly arns: ReturnType<typeof stackArns>;
  /**
   * Tags of a resource. `Department` and `Owner` carry access control: only this function writes
   * them.
   */
  readonly tags: (more?: ResourceTags) => Record<string, string>;
  /**
   * Another stack of the same organization, account and region; `*` in names that are patterns over
   * every stack.
   */
  readonly of: (stack: string) => StackContext;
}

/** Tags that distinguish resources of one stack. */
export interface ResourceTags {
  readonly Purpose?: string;
  /** Sign-in name of the resource's owner. */
  readonly Owner?: string;
}

/** The context of a stack. Pure. */
export function stackContext(settings: StackSettings): StackContext {
  const { organization, stack, costCenter = "platform", timeZone = "Etc/UTC", keptBy = {} } = settings;
  const days = (purpose: DataPurpose) => [purpose, settings.retentionDays?.[purpose] ?? 365] as const;
  return {
    ...settings,
    costCenter,
    timeZone,
    keptBy,
    kept: keptBy[stack] ?? noneKept,
    retentionDays: Object.fromEntries(dataPurposes.map(days)) as Record<DataPurpose, number>,
    names: stackNames(settings),
    arns: stackArns(settings),
    tags: (more = {}) => ({
      Project: "cline",
      Organization: organization,
      Stack: stack,
      Department: stack,
      CostCenter: costCenter,
      ManagedBy: "pulumi",
      ...more,
    }),
    of: (other) => stackContext({ ...settings, stack: other }),
  };
}
