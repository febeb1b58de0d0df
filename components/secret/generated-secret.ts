import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { KeyFacts } from "../facts";
import type { StackContext } from "../kit";

/** Arguments of {@link GeneratedSecret}. */
export interface GeneratedSecretArgs {
  readonly context: StackContext;
  /** Its purpose; part of its name in Secrets Manager, e.g. `gateway-master-key`. */
  readonly purpose: string;
  /** One sentence in Latin-1. */
  readonly description: string;
  readonly keys: Pick<KeyFacts, "secrets">;
  /** Letters and digits of the generated part; default 48 (285 bits). */
  readonly length?: number;
  /** Prefix of the generated part, where a product requires one. */
  readonly prefix?: string;
  /**
   * Writes the secret's text around the generated part, e.g. JSON with a user name; default the
   * value itself.
   */
  readonly format?: (value: string) => string;
}

/**
 * A secret that Pulumi generates once and Secrets Manager keeps under the stack's own key, for
 * products that need one at their first start. It changes when it is replaced (`pulumi up
 * --replace`), never by itself. The value is secret in the state, too.
 *
 * Cost: $.40 a month.
 */
export class GeneratedSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** ARN, known once the value exists: a task that needs the secret depends on it. */
  readonly valueFrom: pulumi.Output<string>;
  /** The value without `format`, for the one resource that takes it as an input. */
  readonly value: pulumi.Output<string>;

  constructor(name: string, args: GeneratedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:secret:GeneratedSecret", name, {}, opts);
    const { context, purpose, length = 48, prefix = "", format = (value: string) => value } = args;
    const child = { parent: this };

    const generated = new random.RandomPassword(`${name}-value`, { length, special: false }, child);
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: context.names.secret(purpose),
        description: args.description,
        kmsKeyId: args.keys.secrets,
        // Deleted at once, so that a new stack can reuse the name.
        recoveryWindowInDays: 0,
        tags: context.tags({ Purpose: purpose }),
      },
      child,
    );
    const value = pulumi.secret(pulumi.interpolate`${prefix}${generated.result}`);
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(value.apply(format)) },
      child,
    );

    this.arn = secret.arn;
    this.valueFrom = version.secretArn;
    this.value = value;
    this.registerOutputs({ arn: this.arn });
  }
}
