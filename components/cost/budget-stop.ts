import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ExtraBudget } from "../../config";
import type { ScheduledFunction } from "../actions/function-plan";
import type { AccessFacts, KeyFacts, ObservabilityFacts } from "../facts";
import type { StackContext } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { stopPolicyName } from "./stop-policy";

/** Arguments of {@link BudgetStop}. */
export interface BudgetStopArgs {
  readonly context: StackContext;
  /** The function, with its schedule and permissions. */
  readonly function: ScheduledFunction;
  /** Physical names of the roles that lose a stopped department's models. */
  readonly stoppedRoles: readonly string[];
  /** Extra budgets of departments; each ends by itself. */
  readonly extraBudgets: readonly ExtraBudget[];
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly observability: Pick<ObservabilityFacts, "alarmTopicArn">;
}

/**
 * The backstop behind the gateway's own budgets, run when AWS Budgets reports that a department has
 * spent its month. It denies the department's tagged inference profiles to the gateway's role and
 * new batches to the batch runner's role. It also stops the department's running batches. Other
 * departments are not affected. At every message and every hour it recomputes all departments: an
 * extra budget, a raised budget or the first of a month lifts a stop.
 *
 * It runs outside the VPC, because IAM and Budgets have no endpoint in it: a standing exemption.
 * Cost: cents.
 */
export class BudgetStop extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetStopArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:BudgetStop", name, {}, opts);
    const { context, function: plan, keys, access } = args;
    const { arns, accountId, organization } = context;
    const child = { parent: this };

    const stop = new LambdaFunction(
      `${name}-function`,
      {
        context,
        ...plan,
        access,
        keys,
        environment: {
          ACCOUNT_ID: accountId,
          ORGANIZATION: organization,
          ROLES: args.stoppedRoles.join(" "),
          POLICY_NAME: stopPolicyName,
          EXTRA_BUDGETS: JSON.stringify(
            args.extraBudgets.map(({ department, amountUsd, until }) => ({ department, amountUsd, until })),
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
        sourceAccount: accountId,
        sourceArn: arns.topic(context.of("*").names.topic("budget")),
      },
      child,
    );
    new FunctionSchedule(
      `${name}-hourly`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: stop.arn, access, keys },
      child,
    );
    this.registerOutputs({});
  }
}
