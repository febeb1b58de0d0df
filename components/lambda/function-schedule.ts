import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import type { AccessFacts, KeyFacts } from "../facts";
import { useKey } from "../key-use";
import { allow, document, serviceTrust } from "../policy-document";

/** Arguments of {@link FunctionSchedule}. */
export interface FunctionScheduleArgs {
  readonly spec: StackSpec;
  /** Physical purpose of the function, as {@link LambdaFunction} got it. */
  readonly purpose: string;
  /** `rate(1 hour)` or `cron(…)`, in the platform's time zone. */
  readonly expression: string;
  /** Spreads the runs over these minutes; absent: on time. */
  readonly windowMinutes?: number;
  /** The event; default `{}`. */
  readonly input?: pulumi.Input<string>;
  readonly functionArn: pulumi.Input<string>;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly keys: KeyFacts;
}

/** Runs a function by the clock (EventBridge Scheduler), through a role that may invoke that one function. */
export class FunctionSchedule extends pulumi.ComponentResource {
  constructor(name: string, args: FunctionScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:lambda:FunctionSchedule", name, {}, opts);
    const { spec, purpose, windowMinutes } = args;
    const known = names(spec.platform.organization);
    const physical = known.lambda(spec.stack, `${purpose}-schedule`);
    const child = { parent: this };

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.role(spec.stack, `${purpose}-schedule`),
        path: iamPath,
        description: `Runs ${purpose} by the clock`,
        assumeRolePolicy: serviceTrust("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
        }),
        permissionsBoundary: args.access.workloadBoundaryArn,
        tags: tags(spec, { Purpose: purpose }),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: document(
          allow("RunTheFunction", {
            Action: "lambda:InvokeFunction",
            Resource: arns(spec).lambda(known.lambda(spec.stack, purpose)),
          }),
          useKey(spec, { purpose: "data", actions: ["kms:Decrypt"] }),
        ),
      },
      child,
    );
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        name: physical,
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: spec.platform.timeZone,
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
      { ...child, dependsOn: [policy] },
    );
    this.registerOutputs({});
  }
}
