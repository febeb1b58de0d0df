import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import { after, type StackContext } from "../kit";
import { allow, deny, document } from "../policy-document";

/** AWS services that may publish in their own name. */
export type Publisher =
  | "budgets.amazonaws.com"
  | "cloudwatch.amazonaws.com"
  | "costalerts.amazonaws.com"
  | "elasticache.amazonaws.com"
  | "events.amazonaws.com";

/** Arguments of {@link NotificationTopic}. */
export interface NotificationTopicArgs {
  readonly context: StackContext;
  /** Part of its name, e.g. `alarms`. */
  readonly purpose: string;
  readonly keys: Pick<KeyFacts, "data">;
  /** Each address receives one confirmation mail. */
  readonly emails: readonly string[];
  readonly publishers: readonly Publisher[];
}

/**
 * Topic policy: the named services of this account, over TLS. EventBridge sends no source account,
 * so it is bound by rule ARN.
 */
export function planTopicPolicy(context: StackContext, topicArn: string, publishers: readonly Publisher[]): string {
  const events = publishers.includes("events.amazonaws.com");
  const others = publishers.filter((service) => service !== "events.amazonaws.com");
  return document(
    deny("TlsOnly", {
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
    others.length === 0
      ? undefined
      : allow("ServicesPublish", {
          Principal: { Service: others },
          Action: "sns:Publish",
          Resource: topicArn,
          Condition: { StringEquals: { "aws:SourceAccount": context.accountId } },
        }),
    events
      ? allow("RulesPublish", {
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topicArn,
          Condition: { ArnLike: { "aws:SourceArn": context.arns.regional("events", "rule/*") } },
        })
      : undefined,
  );
}

/**
 * A topic for mails: encrypted with the stack's key, open to the named AWS services of this account
 * only.
 *
 * Cost: none worth naming; the first 1,000 mails a month are free.
 */
export class NotificationTopic extends pulumi.ComponentResource {
  /** For publishers: after its policy. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: NotificationTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:notification:NotificationTopic", name, {}, opts);
    const { context, purpose } = args;
    const physical = context.names.topic(purpose);
    const child = { parent: this };

    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: physical, kmsMasterKeyId: args.keys.data, tags: context.tags({ Purpose: purpose }) },
      child,
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-policy`,
      { arn: topic.arn, policy: planTopicPolicy(context, context.arns.topic(physical), args.publishers) },
      child,
    );
    for (const email of args.emails) {
      new aws.sns.TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        child,
      );
    }
    this.arn = after(topic.arn, [policy]);
    this.registerOutputs({ arn: this.arn });
  }
}
