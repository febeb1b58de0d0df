import type * as pulumi from "@pulumi/pulumi";

/**
 * How long AWS may take, where that comes near what the provider waits by default: 20 minutes, or
 * less where a type has its own. Source of the defaults: terraform-provider-aws 6.58.0.
 */

/** Parts of an ECS service's roll, in seconds. */
export interface Roll {
  /** From a container's start until it is healthy, at the most. */
  readonly start: number;
  /** Deregistration delay of the target group; 0 without one. */
  readonly drain: number;
  /** From SIGTERM to SIGKILL. */
  readonly stop: number;
}

/** Seconds that Fargate takes to place a task and to pull an image of about a gigabyte; an estimate. */
const placing = 300;

/** Seconds until ECS calls a service steady that is. */
const settling = 120;

/** Seconds from a new task definition to the end of the last old task. Tasks roll side by side. */
export const rollSeconds = ({ start, drain, stop }: Roll): number => placing + start + drain + stop + settling;

/** Seconds until a deleted service has no task left. */
export const endSeconds = ({ drain, stop }: Pick<Roll, "drain" | "stop">): number => drain + stop + settling;

/** A duration of at least so many seconds, in whole steps of five minutes. */
const lasting = (seconds: number): string => `${String(Math.ceil(seconds / 300) * 5)}m`;

/** Timeouts of a service: the provider also waits while a roll that failed is rolled back. */
export const serviceTimeouts = (roll: Roll): pulumi.CustomTimeouts => ({
  create: lasting(2 * rollSeconds(roll)),
  update: lasting(2 * rollSeconds(roll)),
  delete: lasting(2 * endSeconds(roll)),
});

/** Seconds in which AWS takes a deleted function's network interface away. Source: the provider's deleteLingeringLambdaENI. */
export const interfaceSeconds = 45 * 60;

/** Timeouts of a security group or subnet of functions: it goes after their network interfaces. */
export const interfaceTimeouts: pulumi.CustomTimeouts = { delete: lasting(interfaceSeconds + 300) };

/** Seconds that an instance takes to stop, and to start, at the most. Source: the provider's instanceStopTimeout. */
export const stateChangeSeconds = 10 * 60;

/** Timeouts of an instance: another size stops and starts it. */
export const instanceTimeouts: pulumi.CustomTimeouts = { update: lasting(2 * stateChangeSeconds + 300) };

/** Timeouts of an attachment that stops its instance before it detaches the volume. */
export const detachTimeouts: pulumi.CustomTimeouts = { delete: lasting(stateChangeSeconds + 300) };

/** Seconds per node of an upgrade or another node type, one node after the other; an estimate. */
export const nodeSeconds = 20 * 60;

/** Timeouts of a cache of so many nodes. */
export const cacheTimeouts = (nodes: number): pulumi.CustomTimeouts => ({
  create: "60m",
  update: lasting((nodes + 1) * nodeSeconds),
  delete: "60m",
});
