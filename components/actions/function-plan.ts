import type { Statement } from "../policy-document";

/**
 * Declaration of one Lambda function. Its component, the table of actions and the tests read it. It
 * holds known values only; the component adds the values that AWS decides.
 */
export interface FunctionPlan {
  /** Folder under functions/ with its handler; part of its physical names. */
  readonly purpose: string;
  /** Distinguishes two functions of the same code in one stack; default `purpose`. */
  readonly physicalPurpose?: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  /**
   * Network placement: inside the stack's network, or outside every VPC because a service it calls
   * has no endpoint (a standing exemption).
   */
  readonly place: "network" | "outside";
  /** Egress besides AWS's endpoints: noun of the security group's rule → port. */
  readonly connects?: Readonly<Record<string, number>>;
  /** Permissions of its role besides logging, over known names. */
  readonly statements: readonly Statement[];
  /** Schedule; absent: only invoked. */
  readonly schedule?: FunctionClock;
  /** Seconds; default 60. */
  readonly timeout?: number;
  /** MiB; default 256. */
  readonly memory?: number;
}

/** A schedule of EventBridge Scheduler. */
export interface FunctionClock {
  /** `rate(1 hour)` or `cron(…)`, in the platform's time zone. */
  readonly expression: string;
  /** Flexible time window in minutes; absent: on time. */
  readonly windowMinutes?: number;
  /** The event; default `{}`. */
  readonly input?: string;
}

/** A function with a schedule. */
export type ScheduledFunction = FunctionPlan & Required<Pick<FunctionPlan, "schedule">>;
