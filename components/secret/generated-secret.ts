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
  /**
   * For a value without which what it encrypted is lost, e.g. a salt: it outlives its stack, and a
   * deletion by hand can be undone for 30 days. Default false: deleted at once, so that a new stack
   * can reuse the name.
   */
  readonly forLife?: boolean;
}

/**
 * A secret that Pulumi generates once and Secrets Manager keeps under the stack's own key, for
 * products that need one at their first start. It changes when it is replaced (`pulumi up
 * --replace`), never by itself. The value is secret in the state, too. A kept secret is read and not
 * made.
 *
 * Cost: $.40 a month.
 */
export class GeneratedSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** ARN, known once the value exists: a task that needs the secret depends on it. */
  readonly valueFrom: pulumi.Output<string>;
  readonly #value: pulumi.Output<string> | undefined;

  constructor(name: string, args: GeneratedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:secret:GeneratedSecret", name, {}, opts);
    const { context, purpose, length = 48, prefix = "", format = (value: string) => value, forLife = false } = args;
    const child = { parent: this };
    const found = context.kept.secrets[purpose];
    if (found !== undefined) {
      // Read by ARN and never written: what it encrypted needs this value.
      this.arn = this.valueFrom = pulumi.output(found.arn);
      this.registerOutputs({ arn: this.arn });
      return;
    }
    const kept = { ...child, retainOnDelete: forLife };

    const generated = new random.RandomPassword(`${name}-value`, { length, special: false }, child);
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: context.names.secret(purpose),
        description: args.description,
        kmsKeyId: args.keys.secrets,
        recoveryWindowInDays: forLife ? 30 : 0,
        tags: context.tags({ Purpose: purpose }),
      },
      kept,
    );
    const value = pulumi.secret(pulumi.interpolate`${prefix}${generated.result}`);
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(value.apply(format)) },
      kept,
    );

    this.arn = secret.arn;
    this.valueFrom = version.secretArn;
    this.#value = value;
    this.registerOutputs({ arn: this.arn });
  }

  /** The value without `format`, for the one resource that takes it as an input. */
  get value(): pulumi.Output<string> {
    if (this.#value === undefined) throw new pulumi.ResourceError("a kept secret's value is not known here", this);
    return this.#value;
  }
}
