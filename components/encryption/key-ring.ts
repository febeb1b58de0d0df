import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keptKeys } from "../../config";
import type { KeyFacts } from "../facts";
import { after, type KeyPurpose, type StackContext } from "../kit";
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
 * The stack's customer-managed keys, one per purpose, rotated every year. Their aliases are known
 * names, so that policies of other stacks can name a key before it exists. A key outlives its
 * stack, as what it encrypts does; its alias goes with the stack, and the next stack of the name
 * makes a key of its own. An operator who deletes a kept key by hand has 30 days to undo it.
 *
 * Cost: $1 a month for each key, and $1 more for each of its first two rotations.
 */
export class KeyRing extends pulumi.ComponentResource {
  readonly facts: KeyFacts;

  constructor(name: string, args: KeyRingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:encryption:KeyRing", name, {}, opts);
    const key = (purpose: KeyPurpose) => this.#key(name, args, purpose);
    const made = {
      data: key("data"),
      logs: key("logs"),
      secrets: key("secrets"),
      ...(args.sessions && { sessions: key("sessions") }),
    };
    // After every alias: a policy names keys by alias, and no resource may use a key before.
    const aliases = [...Object.values(made).map(({ alias }) => alias), ...this.#keptAliases(name, args)];
    const arn = ({ key }: (typeof made)["data"]) => after(key.arn, aliases);
    this.facts = {
      data: arn(made.data),
      logs: arn(made.logs),
      secrets: arn(made.secrets),
      ...(made.sessions && { sessions: arn(made.sessions) }),
    };
    if (args.ebsDefault) this.#ebsDefault(name, this.facts.data);
    this.registerOutputs({ ...this.facts });
  }

  /** An alias for each key of an earlier stack whose data this one takes over. */
  #keptAliases(name: string, { context: { kept, names } }: KeyRingArgs): aws.kms.Alias[] {
    return keptKeys(kept).map(({ purpose, arn }) => {
      const alias = names.keptKeyAlias(arn, purpose);
      const noun = alias.split("/").slice(-2).join("-");
      return new aws.kms.Alias(`${name}-${noun}`, { name: alias, targetKeyId: arn }, { parent: this });
    });
  }

  #ebsDefault(name: string, keyArn: pulumi.Output<string>): void {
    const kept = { parent: this, retainOnDelete: true };
    const defaultKey = new aws.ebs.DefaultKmsKey(`${name}-ebs`, { keyArn }, kept);
    new aws.ebs.EncryptionByDefault(`${name}-ebs-default`, { enabled: true }, { ...kept, dependsOn: defaultKey });
  }

  #key(name: string, args: KeyRingArgs, purpose: KeyPurpose) {
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
      // Homes, evidence and snapshots stay in the account: without their key they would be lost.
      { parent: this, retainOnDelete: true },
    );
    const alias = new aws.kms.Alias(
      `${name}-${purpose}-alias`,
      { name: context.names.keyAlias(purpose), targetKeyId: key.keyId },
      { parent: this },
    );
    return { key, alias };
  }
}
