import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, type DeveloperSpec, type StackSpec } from "../../config";
import type { GatewayFacts, KeyFacts } from "../facts";
import { allow, deny, document } from "../policy-document";

/** Arguments of {@link VirtualKey}. */
export interface VirtualKeyArgs {
  readonly spec: StackSpec;
  readonly developer: DeveloperSpec;
  readonly gateway: Pick<GatewayFacts, "rotationFunctionArn">;
  readonly keys: Pick<KeyFacts, "secrets">;
}

/** Days after which a key is replaced by itself. */
export const rotationDays = 7;

/**
 * A developer's virtual key: an empty secret whose value the rotation function makes, at once and then every week. Pulumi never sees it. It
 * may be read by its owner's workspace and by the rotation, by nobody else.
 *
 * Cost: $.40 a month.
 */
export class VirtualKey extends pulumi.ComponentResource {
  readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: VirtualKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:VirtualKey", name, {}, opts);
    const { spec, developer, gateway, keys } = args;
    const child = { parent: this };

    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      {
        name: names(spec.platform.organization).virtualKey(spec.stack, developer.id),
        description: `Virtual key of ${developer.id}`,
        kmsKeyId: keys.secrets,
        policy: virtualKeyPolicy(spec, developer.id),
        // A person who comes back gets the same name at once.
        recoveryWindowInDays: 0,
        tags: tags(spec, { Owner: developer.signIn, Purpose: "virtual-key" }),
      },
      child,
    );
    new aws.secretsmanager.SecretRotation(
      `${name}-rotation`,
      {
        secretId: secret.id,
        rotationLambdaArn: gateway.rotationFunctionArn,
        rotationRules: { automaticallyAfterDays: rotationDays },
        rotateImmediately: true,
      },
      child,
    );

    this.secretArn = secret.arn;
    this.registerOutputs({ secretArn: this.secretArn });
  }
}

/** The secret's own policy: whatever identity policies say, its value is for its workspace and the rotation function. */
export function virtualKeyPolicy(spec: StackSpec, developer: string): string {
  const known = names(spec.platform.organization);
  const gatewayStack = spec.gateway ? spec.stack : spec.platform.stack;
  const readers = [known.workspaceRole(developer), known.role(gatewayStack, "key-rotation")].map(arns(spec).role);
  return document(
    deny("OnlyOwnWorkspaceAndRotation", {
      Principal: "*",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
      Resource: "*",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": readers } },
    }),
    deny("OnlyRotationWrites", {
      Principal: "*",
      Action: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
      Resource: "*",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": readers.slice(1) } },
    }),
    allow("AccountManagesTheSecret", {
      Principal: { AWS: arns(spec).root },
      Action: "secretsmanager:DescribeSecret",
      Resource: "*",
    }),
  );
}
