import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { modelSpendTagKeys } from "../../config";
import type { KeyFacts } from "../facts";
import type { StackContext } from "../kit";
import { NotificationTopic } from "../notification";
import { planBudget } from "./budget-plan";
import { spendAlarms } from "./spend-alarms";

/** Arguments of {@link OrganizationBudget}. */
export interface OrganizationBudgetArgs {
  readonly context: StackContext;
  readonly monthlyBudgetUsd: number;
  /** The infrastructure team's addresses; each receives one confirmation mail. */
  readonly alertEmails: readonly string[];
  /**
   * True where this account pays the bill: activates cost allocation tags and watches for
   * anomalies; default false.
   */
  readonly paysTheBill?: boolean;
  readonly keys: Pick<KeyFacts, "data">;
}

/**
 * The organization's model spend: mails to the infrastructure team at 50, 80 and 100 % and when the
 * forecast exceeds the budget. Where this account pays the bill (`billing`), it also activates the
 * cost allocation tags of all budgets, and watches for anomalies.
 *
 * Cost: $.40 a month for alarms, $.60 for the budget.
 */
export class OrganizationBudget extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: OrganizationBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:OrganizationBudget", name, {}, opts);
    const { context, keys, paysTheBill = false } = args;
    const { organization } = context;
    const child = { parent: this };

    const topic = new NotificationTopic(
      `${name}-alerts`,
      {
        context,
        purpose: "budget",
        keys,
        emails: args.alertEmails,
        publishers: [
          "budgets.amazonaws.com",
          "cloudwatch.amazonaws.com",
          ...(paysTheBill ? (["costalerts.amazonaws.com"] as const) : []),
        ],
      },
      child,
    );
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        ...planBudget({
          name: `${organization}-organization`,
          limitUsd: args.monthlyBudgetUsd,
          tagKey: modelSpendTagKeys.organization,
          tagValue: organization,
          topicArns: [topic.arn],
        }),
        tags: context.tags({ Purpose: "budget" }),
      },
      child,
    );
    spendAlarms(
      name,
      {
        context,
        scope: { dimension: "Organization", value: organization },
        audience: "infrastructure",
        topicArn: topic.arn,
      },
      child,
    );
    if (paysTheBill) this.#billing(name, args, topic.arn);
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }

  #billing(name: string, { context, monthlyBudgetUsd }: OrganizationBudgetArgs, topicArn: pulumi.Output<string>): void {
    const { organization } = context;
    // Settings of the paying account: they remain after `destroy`.
    const kept = { parent: this, retainOnDelete: true };
    for (const tagKey of [...Object.values(modelSpendTagKeys), "Department", "CostCenter"]) {
      new aws.costexplorer.CostAllocationTag(`${name}-tag-${tagKey}`, { tagKey, status: "Active" }, kept);
    }
    const monitor = new aws.costexplorer.AnomalyMonitor(
      `${name}-anomalies`,
      {
        name: `${organization}-model-spend`,
        monitorType: "CUSTOM",
        monitorSpecification: JSON.stringify({
          Tags: { Key: modelSpendTagKeys.organization, Values: [organization], MatchOptions: ["EQUALS"] },
        }),
        tags: context.tags({ Purpose: "budget" }),
      },
      { parent: this },
    );
    new aws.costexplorer.AnomalySubscription(
      `${name}-anomaly-alerts`,
      {
        name: `${organization}-model-spend`,
        frequency: "IMMEDIATE",
        monitorArnLists: [monitor.arn],
        subscribers: [{ type: "SNS", address: topicArn }],
        thresholdExpression: {
          dimension: {
            key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            matchOptions: ["GREATER_THAN_OR_EQUAL"],
            // One percent of the month's budget, and at least $10.
            values: [String(Math.max(10, Math.round(monthlyBudgetUsd / 100)))],
          },
        },
        tags: context.tags({ Purpose: "budget" }),
      },
      { parent: this },
    );
  }
}
