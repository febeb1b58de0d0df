import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { operatorsAlias } from "../../config";
import type { FunctionPlan } from "../actions/function-plan";
import { reachGateway, type GatewayFunctionsArgs } from "../gateway-reach";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { accessReconciler, canaryNamespace, canaryPurpose, gatewayCanary, keyAdmin, keyRotation } from "./functions";
import { secretPurposes } from "./task-policies";

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
    const { context } = args;
    const { names, arns } = context;
    const masterKey = { MASTER_KEY_SECRET_NAME: names.secret(secretPurposes.masterKey) };
    const canaryKey = { CANARY_KEY_SECRET_NAME: names.secret(canaryPurpose) };
    this.reconciler = this.#function(name, args, accessReconciler(context), { ...masterKey, ...canaryKey });
    this.rotation = this.#function(name, args, keyRotation(context), masterKey);
    this.keyAdmin = this.#function(name, args, keyAdmin(context), masterKey);
    this.canary = this.#function(name, args, gatewayCanary(context), {
      ...canaryKey,
      METRIC_NAMESPACE: canaryNamespace,
      METRIC_STACK: context.stack,
    });

    new aws.lambda.Permission(
      `${name}-rotation-by-secrets-manager`,
      {
        function: this.rotation.functionName,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: context.accountId,
        sourceArn: arns.regional("secretsmanager", `secret:${context.of("*").names.virtualKey("*")}-*`),
      },
      { parent: this },
    );
    new aws.lambda.Alias(
      `${name}-key-admin-operators`,
      {
        name: operatorsAlias,
        description: "Key administration by operators",
        functionName: this.keyAdmin.functionName,
        functionVersion: "$LATEST",
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  #function(
    name: string,
    args: GatewayFunctionsArgs,
    plan: FunctionPlan,
    environment: Readonly<Record<string, string>>,
  ): LambdaFunction {
    const { context, network, keys, access, observability } = args;
    const { environment: ofGateway, ...reach } = reachGateway(context, plan, args.gateway);
    const made = new LambdaFunction(
      `${name}-${plan.purpose}`,
      {
        context,
        ...plan,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        ...reach,
        environment: { ...ofGateway, ...environment },
      },
      { parent: this },
    );
    if (plan.schedule) {
      new FunctionSchedule(
        `${name}-${plan.purpose}-clock`,
        { context, purpose: plan.purpose, ...plan.schedule, functionArn: made.arn, access, keys },
        { parent: this },
      );
    }
    return made;
  }
}
