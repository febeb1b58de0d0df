import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts } from "../facts";
import { accountTrust, boundedRole, type StackContext } from "../kit";
import { allow } from "../policy-document";
import type { EventRulePlan } from "./event-rule";
import { planEvents } from "./event-rules";

/** Region in which events of IAM and of other global endpoints arrive, wherever the account works. */
const globalRegion = "us-east-1";

/** Arguments of {@link SecurityEvents}. */
export interface SecurityEventsArgs {
  readonly context: StackContext;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /** Subject of the protected workflow's tokens; default none deploys. */
  readonly workflow?: string;
  /** SNS topic that the rules publish to. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * EventBridge rules that tell people within seconds. Read-only events are matched, too (rules skip them by default). Events of IAM, of STS and
 * of the forwarding rules themselves are forwarded from us-east-1. Of other regions the trail's filters tell.
 */
export class SecurityEvents extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: SecurityEventsArgs;

  constructor(name: string, args: SecurityEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:SecurityEvents", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const plans = planEvents(args.context, args.workflow);
    for (const plan of plans) this.#tell(plan);
    if (args.context.region !== globalRegion) this.#forward(plans.filter((plan) => plan.global));
    this.registerOutputs({});
  }

  #tags(): Record<string, string> {
    return this.#args.context.tags({ Purpose: "security" });
  }

  #rule(plan: EventRulePlan, region: string): aws.cloudwatch.EventRule {
    const { context } = this.#args;
    const noun = region === context.region ? plan.noun : `${plan.noun}-${region}`;
    return new aws.cloudwatch.EventRule(
      `${this.#name}-${noun}`,
      {
        name: context.names.eventRule(noun),
        description: plan.description,
        region,
        state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        eventPattern: JSON.stringify({
          source: plan.sources,
          "detail-type": [plan.detailType],
          detail: plan.detail,
        }),
        tags: this.#tags(),
      },
      { parent: this },
    );
  }

  /** A rule of the stack's region, and the mail it sends. */
  #tell(plan: EventRulePlan): void {
    const { context, topicArn } = this.#args;
    const rule = this.#rule(plan, context.region);
    new aws.cloudwatch.EventTarget(
      `${this.#name}-${plan.noun}-mail`,
      {
        rule: rule.name,
        arn: topicArn,
        inputTransformer: {
          inputPaths: {
            account: "$.account",
            event: "$.detail.eventName",
            time: "$.time",
            who: "$.detail.userIdentity.arn",
          },
          inputTemplate: `"${plan.description}: <event> by <who> in account <account> at <time>"`,
        },
      },
      { parent: this },
    );
  }

  /** Forwards global events to the default bus of the stack's region. */
  #forward(plans: readonly EventRulePlan[]): void {
    const { context, access } = this.#args;
    const bus = context.arns.regional("events", "event-bus/default");
    const { role, policies } = boundedRole(
      `${this.#name}-forward-role`,
      {
        roleName: context.names.role("event-forward"),
        description: "Forwards global events to the region that people watch",
        trust: accountTrust(context, "events.amazonaws.com"),
        boundaryArn: access.workloadBoundaryArn,
        statements: [allow("Forward", { Action: "events:PutEvents", Resource: bus })],
        tags: this.#tags(),
      },
      { parent: this },
    );
    for (const plan of plans) {
      const rule = this.#rule(plan, globalRegion);
      new aws.cloudwatch.EventTarget(
        `${this.#name}-${plan.noun}-forward`,
        { rule: rule.name, region: globalRegion, arn: bus, roleArn: role.arn },
        { parent: this, dependsOn: policies },
      );
    }
  }
}
