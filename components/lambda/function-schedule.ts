import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, KeyFacts } from "../facts";
import { accountTrust, useKey, boundedRole, type StackContext } from "../kit";
import { allow } from "../policy-document";

/** Arguments of {@link FunctionSchedule}. */
export interface FunctionScheduleArgs {
  readonly context: StackContext;
  /** Physical purpose of the function, as passed to {@link LambdaFunction}. */
  readonly purpose: string;
  /** `rate(1 hour)` or `cron(…)`, in the stack's time zone. */
  readonly expression: string;
  /** Flexible time window in minutes; absent: on time. */
  readonly windowMinutes?: number;
  /** The event; default `{}`. */
  readonly input?: pulumi.Input<string>;
  readonly functionArn: pulumi.Input<string>;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly keys: KeyFacts;
}

/**
 * Schedules a function (EventBridge Scheduler), through a role that may invoke that one function.
 */
export class FunctionSchedule extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:lambda:FunctionSchedule", name, {}, opts);
    const { context, purpose, windowMinutes } = args;
    const { names, arns } = context;
    const child = { parent: this };

    const { role, policies } = boundedRole(
      `${name}-role`,
      {
        roleName: names.role(`${purpose}-schedule`),
        description: `Runs ${purpose} by the clock`,
        trust: accountTrust(context, "scheduler.amazonaws.com"),
        boundaryArn: args.access.workloadBoundaryArn,
        statements: [
          allow("RunTheFunction", { Action: "lambda:InvokeFunction", Resource: arns.lambda(names.lambda(purpose)) }),
          useKey(context, { purpose: "data", actions: ["kms:Decrypt"] }),
        ],
        tags: context.tags({ Purpose: purpose }),
      },
      child,
    );
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        name: names.schedule(`${purpose}-schedule`),
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: context.timeZone,
        flexibleTimeWindow:
          windowMinutes === undefined ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: windowMinutes },
        kmsKeyArn: args.keys.data,
        target: {
          arn: args.functionArn,
          roleArn: role.arn,
          input: args.input ?? "{}",
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
        },
      },
      { ...child, dependsOn: policies },
    );
    this.registerOutputs({});
  }
}
