import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import type { KeyPurpose, StackContext } from "../kit";
import { planKeyPolicy } from "./key-policy";

/** Arguments of {@link KeyRing}. */
export interface KeyRingArgs {
  readonly context: StackContext;
  /**
   * Creates the key of Session Manager's data channel; default false. For a stack with the access
   * foundation.
   */
  readonly sessions?: boolean;
  /**
   * Makes the data key the account's and region's default for EBS volumes; default false. For an
   * account of this program alone.
   */
  readonly ebsDefault?: boolean;
  /**
   * Lets Cost Anomaly Detection publish to topics under the data key; default false. For the
   * account that pays the bill.
   */
  readonly costAlerts?: boolean;
}

const descriptions: Readonly<Record<KeyPurpose, string>> = {
  data: "volumes, databases, caches, objects, images, queues and topics",
  logs: "log groups, trail and access logs",
  secrets: "secrets",
  sessions: "the data channel of Session Manager sessions",
};

/**
 * The stack's customer-managed keys, one per purpose, rotated every year, deleted after 30 days of
 * waiting. Their aliases are known names, so that policies of other stacks can name a key before it
 * exists.
 *
 * Cost: $1 a month for each key, and $1 more for each of its first two rotations.
 */
export class KeyRing extends pulumi.ComponentResource {
  readonly facts: KeyFacts;

  constructor(name: string, args: KeyRingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:encryption:KeyRing", name, {}, opts);
    const key = (purpose: KeyPurpose): pulumi.Output<string> => this.#key(name, args, purpose);
    this.facts = {
      data: key("data"),
      logs: key("logs"),
      secrets: key("secrets"),
      ...(args.sessions && { sessions: key("sessions") }),
    };
    if (args.ebsDefault) this.#ebsDefault(name, this.facts.data);
    this.registerOutputs({ ...this.facts });
  }

  #ebsDefault(name: string, keyArn: pulumi.Output<string>): void {
    const kept = { parent: this, retainOnDelete: true };
    const defaultKey = new aws.ebs.DefaultKmsKey(`${name}-ebs`, { keyArn }, kept);
    new aws.ebs.EncryptionByDefault(`${name}-ebs-default`, { enabled: true }, { ...kept, dependsOn: defaultKey });
  }

  #key(name: string, args: KeyRingArgs, purpose: KeyPurpose): pulumi.Output<string> {
    const { context, costAlerts = false } = args;
    const key = new aws.kms.Key(
      `${name}-${purpose}`,
      {
        description: `Cline, ${context.stack}: ${descriptions[purpose]}`,
        keyUsage: "ENCRYPT_DECRYPT",
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: 30,
        multiRegion: false,
        policy: planKeyPolicy({ context, purpose, costAlerts }),
        tags: context.tags({ Purpose: `${purpose}-key` }),
      },
      { parent: this },
    );
    const alias = new aws.kms.Alias(
      `${name}-${purpose}-alias`,
      { name: context.names.keyAlias(purpose), targetKeyId: key.keyId },
      { parent: this },
    );
    // Read through the alias: policies name keys by alias, so no resource may use the key before
    // the alias exists.
    return pulumi.all([key.arn, alias.id]).apply(([arn]) => arn);
  }
}
