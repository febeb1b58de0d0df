import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { modelSpendTagKeys } from "../../config";
import type { GatewayFacts, KeyFacts } from "../facts";
import { compositeAlarm, type StackContext } from "../kit";
import { NotificationTopic } from "../notification";
import { departmentBudgetName, planBudget } from "./budget-plan";
import { spendAlarms } from "./spend-alarms";

/** Arguments of {@link DepartmentBudget}. */
export interface DepartmentBudgetArgs {
  /** The department's stack; it has the department's name. */
  readonly context: StackContext;
  readonly monthlyBudgetUsd: number;
  /** The lead's addresses; each receives one confirmation mail. */
  readonly alertEmails: readonly string[];
  /** Stack of the department's gateway, whose budget stop receives the alerts. */
  readonly gatewayStack: string;
  readonly gateway: Pick<GatewayFacts, "keysRefusedAlarmArn">;
  readonly keys: Pick<KeyFacts, "data">;
}

/**
 * A department's budget for models as AWS counts it: mails at 50, 80 and 100 % and when the
 * forecast exceeds it. It triggers the budget stop, and alarms within minutes by the gateway's own
 * count. The gateway's budget is the real-time stop; this one is the backstop. One more alarm tells
 * the lead when nobody of the department can work.
 *
 * Cost: $.90 a month for alarms; the first two budgets of an account are free, each further one
 * $.60.
 */
export class DepartmentBudget extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: DepartmentBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:DepartmentBudget", name, {}, opts);
    const { context, keys } = args;
    const { names, arns } = context.of(args.gatewayStack);
    const department = context.stack;
    const child = { parent: this };

    const topic = new NotificationTopic(
      `${name}-alerts`,
      {
        context,
        purpose: "budget",
        keys,
        emails: args.alertEmails,
        publishers: ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
      },
      child,
    );
    new aws.sns.TopicSubscription(
      `${name}-stop`,
      {
        topic: topic.arn,
        protocol: "lambda",
        endpoint: arns.lambda(names.lambda("budget-stop")),
      },
      child,
    );
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        ...planBudget({
          name: departmentBudgetName(context.organization, department),
          limitUsd: args.monthlyBudgetUsd,
          tagKey: modelSpendTagKeys.department,
          tagValue: department,
          topicArns: [topic.arn],
        }),
        tags: context.tags({ Purpose: "budget" }),
      },
      child,
    );
    this.topicArn = topic.arn;
    this.#alarms(name, args);
    this.registerOutputs({ topicArn: this.topicArn });
  }

  /** Alarms at each threshold, and one that says that nobody of the department can work. */
  #alarms(name: string, { context, gateway }: DepartmentBudgetArgs): void {
    const department = context.stack;
    const common = { audience: "department", topicArn: this.topicArn } as const;
    const scope = { dimension: "Department", value: department } as const;
    const spent = spendAlarms(name, { context, scope, ...common }, { parent: this });
    compositeAlarm(
      `${name}-cannot-work`,
      {
        alarmName: context.names.alarm("cannot-work"),
        description: `Nobody of ${department} can work: the gateway refuses its keys, or the month's budget is spent`,
        runbook: "alarms-of-spend",
        anyOf: [gateway.keysRefusedAlarmArn, spent.arn],
        ...common,
        tags: context.tags({ Purpose: "budget" }),
      },
      { parent: this },
    );
  }
}
