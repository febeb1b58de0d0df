import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeveloperSpec } from "../../config";
import type { GatewayFacts, KeyFacts } from "../facts";
import { after, type StackContext } from "../kit";
import { closedPolicy } from "../secret";

/** Arguments of {@link VirtualKey}. */
export interface VirtualKeyArgs {
  /** The department's stack. */
  readonly context: StackContext;
  readonly developer: Pick<DeveloperSpec, "id" | "signIn">;
  /** The stack whose gateway the key is for; default this one. */
  readonly gatewayContext?: StackContext;
  readonly gateway: Pick<GatewayFacts, "rotationFunctionArn">;
  readonly keys: Pick<KeyFacts, "secrets">;
}

/** Days until Secrets Manager rotates a key. */
export const rotationDays = 7;

/**
 * A developer's virtual key: an empty secret whose value the rotation function makes, at once and then every week. Pulumi never sees it. Only
 * its owner's workspace and the rotation function may read it.
 *
 * Cost: $.40 a month.
 */
export class VirtualKey extends pulumi.ComponentResource {
  /** Id of its owner. */
  readonly developer: string;
  readonly secretArn: pulumi.Output<string>;
  /** Name of the secret, after its first rotation was started. */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: VirtualKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:VirtualKey", name, {}, opts);
    const { context, developer, gatewayContext, gateway, keys } = args;
    const child = { parent: this };

    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: context.names.virtualKey(developer.id),
        description: `Virtual key of ${developer.id}`,
        kmsKeyId: keys.secrets,
        policy: virtualKeyPolicy(context, developer.id, gatewayContext),
        // The name is free at once for a person who comes back.
        recoveryWindowInDays: 0,
        tags: context.tags({ Owner: developer.signIn, Purpose: "virtual-key" }),
      },
      child,
    );
    const rotation = new aws.secretsmanager.SecretRotation(
      `${name}-rotation`,
      {
        secretId: secret.id,
        rotationLambdaArn: gateway.rotationFunctionArn,
        rotationRules: { automaticallyAfterDays: rotationDays },
        rotateImmediately: true,
      },
      child,
    );

    this.developer = developer.id;
    this.secretArn = secret.arn;
    this.secretName = after(context.names.virtualKey(developer.id), [rotation]);
    this.registerOutputs({ secretArn: this.secretArn });
  }
}

/** The secret's own policy. Its workspace and the rotation function alone read the value, whatever identity policies allow. */
export function virtualKeyPolicy(context: StackContext, developer: string, gatewayContext = context): string {
  const { arns, names } = context;
  const readers = [names.workspaceRole(developer), gatewayContext.names.role("key-rotation")].map(arns.role);
  return closedPolicy(context, {
    readersSid: "OnlyOwnWorkspaceAndRotation",
    exceptReaders: { ArnNotEquals: { "aws:PrincipalArn": readers } },
    writersSid: "OnlyRotationWrites",
    writers: readers.slice(1),
  });
}
