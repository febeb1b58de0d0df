import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, modelSpendTagKeys, names, tags, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { KeyFacts, ObservabilityFacts } from "../facts";
import { NotificationTopic } from "../notification";
import { departmentBudgetName, planBudget } from "./budget-plan";
import { spendAlarms } from "./spend-alarms";

/** Arguments of {@link DepartmentBudget}. */
export interface DepartmentBudgetArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
  readonly observability: ObservabilityFacts;
}

/**
 * A department's budget for models as AWS counts it: mails at 50, 80 and 100 % and when the forecast exceeds it, sets off the budget
 * stop, and alarms within minutes by the gateway's own count. The gateway's budget is the real-time stop; this one is the backstop.
 *
 * Cost: $.40 a month for alarms; the first two budgets of an account are free, each further one $.60.
 */
export class DepartmentBudget extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: DepartmentBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cost:DepartmentBudget", name, {}, opts);
    const { spec, keys } = args;
    const { department } = spec;
    if (!department) throw new pulumi.ResourceError("a department's budget needs a department", this);
    const child = { parent: this };
    const known = names(spec.platform.organization);

    const topic = new NotificationTopic(
      `${name}-alerts`,
      {
        context: contextOf(spec),
        purpose: "budget",
        keys,
        emails: department.alertEmails,
        publishers: ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
      },
      child,
    );
    // The stop runs where the gateway is.
    const gatewayStack = spec.gateway ? spec.stack : spec.platform.stack;
    new aws.sns.TopicSubscription(
      `${name}-stop`,
      {
        topic: topic.arn,
        protocol: "lambda",
        endpoint: arns(spec).lambda(known.lambda(gatewayStack, "budget-stop")),
      },
      child,
    );
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        ...planBudget({
          name: departmentBudgetName(spec.platform.organization, department.name),
          limitUsd: department.monthlyBudgetUsd,
          tagKey: modelSpendTagKeys.department,
          tagValue: department.name,
          topicArns: [topic.arn],
        }),
        tags: tags(spec, { Purpose: "budget" }),
      },
      child,
    );
    spendAlarms(name, { spec, scope: { dimension: "Department", value: department.name }, topicArn: topic.arn }, child);
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
