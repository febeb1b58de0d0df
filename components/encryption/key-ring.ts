import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { names, tags, type StackSpec } from "../../config";
import type { KeyFacts } from "../facts";
import { isFoundation } from "../foundation";
import { planKeyPolicy, type KeyPurpose } from "./key-policy";

/** Arguments of {@link KeyRing}. */
export interface KeyRingArgs {
  readonly spec: StackSpec;
}

const descriptions: Readonly<Record<KeyPurpose, string>> = {
  data: "volumes, databases, caches, objects, images, queues and topics",
  logs: "log groups, trail and access logs",
  secrets: "secrets",
  sessions: "the data channel of Session Manager sessions",
};

/**
 * The stack's customer-managed keys, one per purpose, rotated every year, with 30 days to think a deletion over. Aliases are known names, so
 * that policies of other stacks can name a key before it exists. In a dedicated account the platform's data key is also the account's default
 * for EBS volumes.
 *
 * Cost: $1 a month for each key, and $1 more for each of its first two rotations.
 */
export class KeyRing extends pulumi.ComponentResource {
  readonly facts: KeyFacts;

  constructor(name: string, args: KeyRingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:encryption:KeyRing", name, {}, opts);
    const { spec } = args;
    const child = { parent: this };
    const key = (purpose: KeyPurpose): pulumi.Output<string> => this.#key(name, spec, purpose);

    const data = key("data");
    this.facts = {
      data,
      logs: key("logs"),
      secrets: key("secrets"),
      ...(isFoundation(spec) ? { sessions: key("sessions") } : {}),
    };

    if (spec.department === undefined && spec.platform.account === "dedicated") {
      const kept = { ...child, retainOnDelete: true };
      const defaultKey = new aws.ebs.DefaultKmsKey(`${name}-ebs`, { keyArn: data }, kept);
      new aws.ebs.EncryptionByDefault(`${name}-ebs-default`, { enabled: true }, { ...kept, dependsOn: defaultKey });
    }
    this.registerOutputs({ ...this.facts });
  }

  #key(name: string, spec: StackSpec, purpose: KeyPurpose): pulumi.Output<string> {
    const key = new aws.kms.Key(
      `${name}-${purpose}`,
      {
        description: `Cline, ${spec.stack}: ${descriptions[purpose]}`,
        keyUsage: "ENCRYPT_DECRYPT",
        enableKeyRotation: true,
        rotationPeriodInDays: 365,
        deletionWindowInDays: 30,
        multiRegion: false,
        policy: planKeyPolicy(spec, purpose),
        tags: tags(spec, { Purpose: `${purpose}-key` }),
      },
      { parent: this },
    );
    const alias = new aws.kms.Alias(
      `${name}-${purpose}-alias`,
      { name: names(spec.platform.organization).keyAlias(spec.stack, purpose), targetKeyId: key.keyId },
      { parent: this },
    );
    // Read through the alias: policies name keys by it, so nothing may use the key before it stands.
    return pulumi.all([key.arn, alias.id]).apply(([arn]) => arn);
  }
}
