import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names } from "../../config";
import { contextOf } from "../context-of";
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
    const { spec } = args;
    const known = names(spec.platform.organization);
    const secret = (purpose: string) => known.secret(spec.stack, purpose);
    const masterKey = { MASTER_KEY_SECRET_NAME: secret(secretPurposes.masterKey) };
    const canaryKey = { CANARY_KEY_SECRET_NAME: secret(canaryPurpose) };
    this.reconciler = this.#function(name, args, accessReconciler(spec), { ...masterKey, ...canaryKey });
    this.rotation = this.#function(name, args, keyRotation(spec), masterKey);
    this.keyAdmin = this.#function(name, args, keyAdmin(spec), masterKey);
    this.canary = this.#function(name, args, gatewayCanary(spec), {
      ...canaryKey,
      METRIC_NAMESPACE: canaryNamespace,
      METRIC_STACK: spec.stack,
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
    this.registerOutputs({});
  }

  #function(
    name: string,
    args: GatewayFunctionsArgs,
    plan: FunctionPlan,
    environment: Readonly<Record<string, string>>,
  ): LambdaFunction {
    const { spec, network, keys, access, observability } = args;
    const reach = reachGateway(contextOf(spec), args.gateway);
    const made = new LambdaFunction(
      `${name}-${plan.purpose}`,
      {
        context: contextOf(spec),
        ...plan,
        network,
        keys,
        access,
        alarmTopicArn: observability.alarmTopicArn,
        reaches: reach.reaches,
        environment: { ...reach.environment, ...environment },
      },
      { parent: this },
    );
    if (plan.schedule) {
      new FunctionSchedule(
        `${name}-${plan.purpose}-clock`,
        { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: made.arn, access, keys },
        { parent: this },
      );
    }
    return made;
  }
}
