import type { Statement } from "../policy-document";

/**
 * What is declared of one Lambda function: its component makes it from this, the table of actions and the tests read it. Everything here is
 * known before anything exists; values that AWS decides are the component's.
 */
export interface FunctionPlan {
  /** Folder under functions/ with its handler; part of its physical names. */
  readonly purpose: string;
  /** Tells two functions of the same code in one stack apart; default `purpose`. */
  readonly physicalPurpose?: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  /** Where it runs: inside the stack's network, or outside every VPC because a service it calls has no endpoint (a standing exemption). */
  readonly place: "network" | "outside";
  /** What it opens connections to besides AWS's endpoints: noun of the security group's rule → port. */
  readonly connects?: Readonly<Record<string, number>>;
  /** What its role may do besides logging, over known names. */
  readonly statements: readonly Statement[];
  /** When it runs by the clock; absent: only when something invokes it. */
  readonly schedule?: FunctionClock;
  /** Seconds; default 60. */
  readonly timeout?: number;
  /** MiB; default 256. */
  readonly memory?: number;
  /** Most runs at a time; absent: the account's share. */
  readonly concurrency?: number;
}

/** A schedule of EventBridge Scheduler. */
export interface FunctionClock {
  /** `rate(1 hour)` or `cron(…)`, in the platform's time zone. */
  readonly expression: string;
  /** Spreads the runs over these minutes; absent: on time. */
  readonly windowMinutes?: number;
  /** The event; default `{}`. */
  readonly input?: string;
}

/** A function that runs by the clock. */
export type ScheduledFunction = FunctionPlan & Required<Pick<FunctionPlan, "schedule">>;
