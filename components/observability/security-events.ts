import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts } from "../facts";
import { accountTrust, boundedRole, type StackContext } from "../kit";
import { allow } from "../policy-document";

/** Region in which IAM's events arrive, wherever the account works. */
const globalRegion = "us-east-1";

/** A rule of {@link SecurityEvents}. CloudTrail reports its events within seconds. */
export interface EventRulePlan {
  readonly noun: string;
  readonly description: string;
  readonly source: string;
  readonly detailType: string;
  readonly eventNames: readonly string[];
}

const call = "AWS API Call via CloudTrail";

/** Events of IAM, forwarded from the region they arrive in. */
export const identityEvents: EventRulePlan = {
  noun: "identity-events",
  description: "IAM users, keys, boundaries or trust policies changed",
  source: "aws.iam",
  detailType: call,
  eventNames: [
    "CreateUser",
    "CreateAccessKey",
    "CreateLoginProfile",
    "CreateServiceSpecificCredential",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
    "DeleteRolePermissionsBoundary",
    "UpdateAssumeRolePolicy",
  ],
};

/** Events that cannot wait for the trail's log group, which lags up to 15 minutes. */
export const regionalEvents: readonly EventRulePlan[] = [
  {
    noun: "trail-events",
    description: "The trail was stopped or changed",
    source: "aws.cloudtrail",
    detailType: call,
    eventNames: ["DeleteTrail", "StopLogging", "UpdateTrail", "PutEventSelectors"],
  },
  {
    noun: "key-events",
    description: "A customer-managed key was disabled or set to be deleted",
    source: "aws.kms",
    detailType: call,
    eventNames: ["DisableKey", "ScheduleKeyDeletion"],
  },
  {
    noun: "session-events",
    description: "A session document changed, or a shell was asked for by another door",
    source: "aws.ssm",
    detailType: call,
    eventNames: [
      "UpdateDocument",
      "UpdateDocumentDefaultVersion",
      "ModifyDocumentPermission",
      "DeleteDocument",
      "SendCommand",
    ],
  },
  {
    noun: "rotation-events",
    description: "The rotation of a secret failed",
    source: "aws.secretsmanager",
    detailType: "AWS Service Event via CloudTrail",
    eventNames: ["RotationFailed", "RotationAbandoned"],
  },
];

/** Arguments of {@link SecurityEvents}. */
export interface SecurityEventsArgs {
  readonly context: StackContext;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /** SNS topic that the rules publish to. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * EventBridge rules that tell people within seconds. Read-only events are matched, too (rules skip them by default), and IAM's events are
 * forwarded from us-east-1, where alone they arrive.
 */
export class SecurityEvents extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: SecurityEventsArgs;

  constructor(name: string, args: SecurityEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:SecurityEvents", name, {}, opts);
    this.#name = name;
    this.#args = args;
    for (const plan of [...regionalEvents, identityEvents]) this.#tell(plan);
    if (args.context.region !== globalRegion) this.#forward();
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
          source: [plan.source],
          "detail-type": [plan.detailType],
          detail: { eventName: plan.eventNames },
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

  /** Forwards IAM's events to the default bus of the stack's region. */
  #forward(): void {
    const { context, access } = this.#args;
    const bus = context.arns.regional("events", "event-bus/default");
    const { role, policies } = boundedRole(
      `${this.#name}-forward-role`,
      {
        roleName: context.names.role("event-forward"),
        description: "Forwards IAM events to the region that people watch",
        trust: accountTrust(context, "events.amazonaws.com"),
        boundaryArn: access.workloadBoundaryArn,
        statements: [allow("Forward", { Action: "events:PutEvents", Resource: bus })],
        tags: this.#tags(),
      },
      { parent: this },
    );
    const rule = this.#rule(identityEvents, globalRegion);
    new aws.cloudwatch.EventTarget(
      `${this.#name}-identity-events-forward`,
      { rule: rule.name, region: globalRegion, arn: bus, roleArn: role.arn },
      { parent: this, dependsOn: policies },
    );
  }
}
