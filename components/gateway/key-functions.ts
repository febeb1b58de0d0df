import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, batchKeys, names, stateKeys } from "../../config";
import { reachGateway, type GatewayFunctionsArgs } from "../gateway-reach";
import { useKey } from "../key-use";
import { FunctionSchedule, LambdaFunction, type LambdaFunctionArgs } from "../lambda";
import { allow, type Statement } from "../policy-document";
import { gatewayBucketPurpose, secretPurposes } from "./task-policies";

/** Purpose of the secret that holds the canary's own virtual key. */
export const canaryPurpose = "gateway-canary-key";

/** CloudWatch namespace of the canary's metrics. */
export const canaryNamespace = "Cline/Gateway";

/**
 * The functions that hold LiteLLM's master key in people's place: the reconciler brings teams, members and keys to the declared state, the
 * rotation makes and replaces virtual keys, the key admin blocks and rotates for a lead, and the canary calls with a virtual key of its own.
 */
export class KeyFunctions extends pulumi.ComponentResource {
  readonly reconciler: LambdaFunction;
  readonly rotation: LambdaFunction;
  readonly keyAdmin: LambdaFunction;
  readonly canary: LambdaFunction;

  constructor(name: string, args: GatewayFunctionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:KeyFunctions", name, {}, opts);
    const { spec, keys, access } = args;
    const known = names(spec.platform.organization);
    const secret = (purpose: string) => known.secret(spec.stack, purpose);
    const bucketArn = arns(spec).bucket(known.bucket(spec.stack, gatewayBucketPurpose, spec.accountId, spec.region));
    const virtualKeys = arns(spec).secret(known.virtualKey("*", "*"));

    const read = (sid: string, ...purposes: readonly string[]) =>
      allow(sid, {
        Action: "secretsmanager:GetSecretValue",
        Resource: purposes.map((purpose) => arns(spec).secret(secret(purpose))),
      });
    const ownSecrets = useKey(spec, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] });
    const everyStacksSecrets = useKey(spec, { purpose: "secrets", via: "secretsmanager", stack: "*" });
    const declaredState = [
      allow("ReadDeclaredState", { Action: "s3:GetObject", Resource: `${bucketArn}/state/*` }),
      allow("ListDeclaredState", {
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { StringLike: { "s3:prefix": [`${stateKeys.departments}*`, `${batchKeys.ledgers}*`] } },
      }),
      // Each department's object is under its own stack's key.
      useKey(spec, { purpose: "data", via: "s3", actions: ["kms:Decrypt"], stack: "*" }),
    ];

    this.reconciler = this.#function(name, args, {
      purpose: "access-reconciler",
      description: "Brings teams, members, budgets and keys of LiteLLM to the declared state",
      statements: [
        read("ReadMasterAndCanaryKey", secretPurposes.masterKey, canaryPurpose),
        ownSecrets,
        ...declaredState,
      ],
      environment: {
        MASTER_KEY_SECRET_NAME: secret(secretPurposes.masterKey),
        CANARY_KEY_SECRET_NAME: secret(canaryPurpose),
      },
      timeout: 900,
      memory: 512,
    });
    this.rotation = this.#function(name, args, {
      purpose: "key-rotation",
      description: "Makes and replaces the developers' virtual keys",
      statements: [
        read("ReadMasterKey", secretPurposes.masterKey),
        allow("RotateVirtualKeys", {
          Action: [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
          ],
          Resource: virtualKeys,
        }),
        everyStacksSecrets,
        ...declaredState,
      ],
      environment: { MASTER_KEY_SECRET_NAME: secret(secretPurposes.masterKey) },
      timeout: 900,
    });
    this.keyAdmin = this.#function(name, args, {
      purpose: "key-admin",
      description: "Blocks, unblocks and rotates virtual keys for a department's lead",
      statements: [
        read("ReadMasterKey", secretPurposes.masterKey),
        ownSecrets,
        allow("StartRotation", {
          Action: ["secretsmanager:RotateSecret", "secretsmanager:DescribeSecret"],
          Resource: virtualKeys,
        }),
        allow("LetRotationRun", {
          Action: "lambda:InvokeFunction",
          Resource: arns(spec).lambda(known.lambda(spec.stack, "key-rotation")),
        }),
        ...declaredState,
      ],
      environment: { MASTER_KEY_SECRET_NAME: secret(secretPurposes.masterKey) },
    });
    this.canary = this.#function(name, args, {
      purpose: "gateway-canary",
      description: "Calls the gateway with a virtual key of its own",
      statements: [
        read("ReadCanaryKey", canaryPurpose),
        ownSecrets,
        allow("PublishMetrics", {
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": canaryNamespace } },
        }),
      ],
      environment: {
        CANARY_KEY_SECRET_NAME: secret(canaryPurpose),
        METRIC_NAMESPACE: canaryNamespace,
        METRIC_STACK: spec.stack,
      },
      timeout: 50,
    });

    new aws.lambda.Permission(
      `${name}-rotation-by-secrets-manager`,
      {
        function: this.rotation.functionName,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: spec.accountId,
        sourceArn: arns(spec).regional("secretsmanager", `secret:${known.virtualKey("*", "*")}-*`),
      },
      { parent: this },
    );
    for (const [purpose, lambda, expression] of [
      ["access-reconciler", this.reconciler, "rate(1 hour)"],
      ["gateway-canary", this.canary, "rate(1 minute)"],
    ] as const) {
      new FunctionSchedule(
        `${name}-${purpose}-clock`,
        { spec, purpose, expression, functionArn: lambda.arn, access, keys },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }

  #function(
    name: string,
    args: GatewayFunctionsArgs,
    own: Pick<LambdaFunctionArgs, "purpose" | "description" | "timeout" | "memory" | "environment"> & {
      readonly statements: readonly Statement[];
    },
  ): LambdaFunction {
    const { spec, network, keys, access, observability } = args;
    const reach = reachGateway(args);
    return new LambdaFunction(
      `${name}-${own.purpose}`,
      {
        spec,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        reaches: reach.reaches,
        ...own,
        environment: { ...reach.environment, ...own.environment },
      },
      { parent: this },
    );
  }
}
