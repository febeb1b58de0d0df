import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, fit, iamPath, names, tags, type StackSpec } from "../../config";
import type { AccessFacts } from "../facts";
import { allow, document, serviceTrust } from "../policy-document";

/** Region in which IAM's events arrive, wherever the account works. */
const globalRegion = "us-east-1";

/** A rule of {@link SecurityEvents}: what CloudTrail reports within seconds. */
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
  readonly spec: StackSpec;
  readonly access: AccessFacts;
  readonly topicArn: pulumi.Input<string>;
}

/**
 * EventBridge rules that tell people within seconds. Read-only events are matched, too (rules skip them by default), and IAM's events are
 * forwarded from us-east-1, where alone they arrive.
 */
export class SecurityEvents extends pulumi.ComponentResource {
  constructor(name: string, args: SecurityEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:SecurityEvents", name, {}, opts);
    const { spec, topicArn } = args;
    for (const plan of [...regionalEvents, identityEvents]) this.#tell(name, spec, plan, topicArn);
    if (spec.region !== globalRegion) this.#forward(name, args);
    this.registerOutputs({});
  }

  #rule(name: string, spec: StackSpec, plan: EventRulePlan, region: string): aws.cloudwatch.EventRule {
    const noun = region === spec.region ? plan.noun : `${plan.noun}-${region}`;
    return new aws.cloudwatch.EventRule(
      `${name}-${noun}`,
      {
        name: fit(64, spec.platform.organization, spec.stack, noun),
        description: plan.description,
        region,
        state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        eventPattern: JSON.stringify({
          source: [plan.source],
          "detail-type": [plan.detailType],
          detail: { eventName: plan.eventNames },
        }),
        tags: tags(spec, { Purpose: "security" }),
      },
      { parent: this },
    );
  }

  #tell(name: string, spec: StackSpec, plan: EventRulePlan, topicArn: pulumi.Input<string>): void {
    const rule = this.#rule(name, spec, plan, spec.region);
    new aws.cloudwatch.EventTarget(
      `${name}-${plan.noun}-mail`,
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

  #forward(name: string, args: SecurityEventsArgs): void {
    const { spec, access } = args;
    const bus = arns(spec).regional("events", "event-bus/default");
    const role = new aws.iam.Role(
      `${name}-forward-role`,
      {
        name: names(spec.platform.organization).role(spec.stack, "event-forward"),
        path: iamPath,
        description: "Forwards IAM events to the region that people watch",
        assumeRolePolicy: serviceTrust("events.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
        }),
        permissionsBoundary: access.workloadBoundaryArn,
        tags: tags(spec, { Purpose: "security" }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-forward-policy`,
      { role: role.name, policy: document(allow("Forward", { Action: "events:PutEvents", Resource: bus })) },
      { parent: this },
    );
    const rule = this.#rule(name, spec, identityEvents, globalRegion);
    new aws.cloudwatch.EventTarget(
      `${name}-identity-events-forward`,
      { rule: rule.name, region: globalRegion, arn: bus, roleArn: role.arn },
      { parent: this, dependsOn: policy },
    );
  }
}
