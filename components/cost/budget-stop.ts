import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, KeyFacts, ObservabilityFacts } from "../facts";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { budgetStop, stoppedRoles } from "./functions";

/** Arguments of {@link BudgetStop}. */
export interface BudgetStopArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
}

/** Name of the inline policy on the two roles that stops departments. Pulumi does not manage it: the function writes and removes it. */
export const stopPolicyName = "budget-stop";

/**
 * The backstop behind the gateway's own budgets: when AWS Budgets says that a department has spent its month, its tagged inference profiles
 * are denied to the gateway's role and new batches of its to the batch runner's, and its running batches are stopped; nobody else's. Every message
 * and every hour it recomputes all departments, so that an extra budget, a raised budget or the first of a month lets a department go on without
 * anybody's doing.
 *
 * It runs outside the VPC, because IAM and Budgets have no endpoint in it: a standing exemption. Cost: cents.
 */
export class BudgetStop extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetStopArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:BudgetStop", name, {}, opts);
    const { spec, keys, access } = args;
    const { organization, extraBudgets } = spec.platform;
    const plan = budgetStop(spec);
    const child = { parent: this };

    const stop = new LambdaFunction(
      `${name}-function`,
      {
        context: contextOf(spec),
        ...plan,
        access,
        keys,
        environment: {
          ACCOUNT_ID: spec.accountId,
          ORGANIZATION: organization,
          ROLES: stoppedRoles(spec).join(" "),
          POLICY_NAME: stopPolicyName,
          EXTRA_BUDGETS: JSON.stringify(
            extraBudgets.map(({ department, amountUsd, until }) => ({ department, amountUsd, until })),
          ),
        },
        alarmTopicArn: args.observability.alarmTopicArn,
      },
      child,
    );
    new aws.lambda.Permission(
      `${name}-from-topics`,
      {
        function: stop.functionName,
        action: "lambda:InvokeFunction",
        principal: "sns.amazonaws.com",
        sourceAccount: spec.accountId,
        sourceArn: arns(spec).regional("sns", contextOf(spec).of("*").names.topic("budget")),
      },
      child,
    );
    new FunctionSchedule(
      `${name}-hourly`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: stop.arn, access, keys },
      child,
    );
    this.registerOutputs({});
  }
}
