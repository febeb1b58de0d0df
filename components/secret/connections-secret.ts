import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import type { StackContext } from "../kit";

/** Arguments of {@link connectionsSecret}. */
export interface ConnectionsSecretArgs {
  readonly context: StackContext;
  /** Its purpose; part of its name in Secrets Manager, e.g. `gateway-connections`. */
  readonly purpose: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly keys: Pick<KeyFacts, "secrets">;
  /** Purpose in the tags; default `purpose`. */
  readonly tagged?: string;
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * A secret with what a task connects to, as one JSON object: hosts, buckets, passwords. ECS injects
 * each value as `ARN:KEY::`, so a preview knows the whole environment of the task definition.
 *
 * Cost: $.40 a month.
 */
export function connectionsSecret(
  name: string,
  { context, purpose, description, keys, tagged = purpose, values }: ConnectionsSecretArgs,
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.SecretVersion {
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      name: context.names.secret(purpose),
      description,
      kmsKeyId: keys.secrets,
      recoveryWindowInDays: 0,
      tags: context.tags({ Purpose: tagged }),
    },
    opts,
  );
  return new aws.secretsmanager.SecretVersion(
    `${name}-value`,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(values)) },
    opts,
  );
}

/** ARN of one key of a JSON secret, as ECS takes it. The secret's ARN has Secrets Manager's suffix. */
export const secretKey = (secretArn: pulumi.Input<string>, key: string): pulumi.Output<string> =>
  pulumi.interpolate`${secretArn}:${key}::`;
