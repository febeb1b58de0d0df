import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { departmentState, modelSpendTagKeys, stateKeys, type DepartmentSpec, type ModelTier } from "../../config";
import type { GatewayFacts, KeyFacts, ObservabilityFacts } from "../facts";
import type { StackContext } from "../kit";
import { sha256 } from "./configuration";
import { VirtualKey } from "./virtual-key";

/** Arguments of {@link DepartmentGateway}. */
export interface DepartmentGatewayArgs {
  /** The department's stack, of the same name. */
  readonly context: StackContext;
  /** What the department declares: its limits, models and developers. */
  readonly department: DepartmentSpec;
  /** ARN of the system-defined inference profile of each tier. */
  readonly modelProfiles: Readonly<Record<ModelTier, string>>;
  /** E-mail address of the owner of the department's Langfuse project. */
  readonly leadEmail?: string;
  /** The stack whose gateway the department uses; default this one. */
  readonly gatewayContext?: StackContext;
  readonly gateway: Pick<
    GatewayFacts,
    "keyAdminFunctionName" | "reconcilerFunctionArn" | "rotationFunctionArn" | "stateBucket"
  >;
  readonly observability: Pick<ObservabilityFacts, "langfuseProvisionerArn">;
  readonly keys: Pick<KeyFacts, "data" | "secrets">;
}

/**
 * A department at the gateway: a tagged inference profile for each of its models, what its stack file declares, its Langfuse project, and a
 * virtual key for each developer. `up` waits until the reconciler has accepted the declaration and every key is there, and shows a refusal
 * as its error.
 *
 * Cost: $.40 a month for each developer's secret.
 */
export class DepartmentGateway extends pulumi.ComponentResource {
  /** ARN of each model group's inference profile. */
  readonly profiles: Readonly<Partial<Record<ModelTier, pulumi.Output<string>>>>;

  constructor(name: string, args: DepartmentGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:DepartmentGateway", name, {}, opts);
    this.profiles = this.#profiles(name, args);
    const reconciled = this.#declare(name, args);
    this.#langfuse(name, args);
    this.#keyAdmin(name, args);
    this.#virtualKeys(name, args, reconciled);
    this.registerOutputs({ profiles: this.profiles });
  }

  #profiles(
    name: string,
    { context, department, modelProfiles }: DepartmentGatewayArgs,
  ): DepartmentGateway["profiles"] {
    const made = department.models.map((tier) => {
      const profile = new aws.bedrock.InferenceProfile(
        `${name}-${tier}`,
        {
          name: context.names.inferenceProfile(tier),
          description: `${tier} model of ${department.name}`,
          modelSource: { copyFrom: modelProfiles[tier] },
          tags: {
            ...context.tags({ Purpose: tier }),
            [modelSpendTagKeys.department]: department.name,
            [modelSpendTagKeys.organization]: context.organization,
          },
        },
        { parent: this },
      );
      return [tier, profile.arn] as const;
    });
    return Object.fromEntries(made);
  }

  /** Hands what the stack file declares to the reconciler, and waits for its verdict. */
  #declare(name: string, { context, department, gateway, keys }: DepartmentGatewayArgs): aws.lambda.Invocation {
    const content = pulumi
      .all(this.profiles as Readonly<Record<string, pulumi.Output<string>>>)
      .apply((profiles) => JSON.stringify(departmentState(department, profiles)));
    const state = new aws.s3.BucketObject(
      `${name}-declared-state`,
      {
        bucket: gateway.stateBucket,
        key: stateKeys.department(department.name),
        content,
        contentType: "application/json",
        kmsKeyId: keys.data,
        tags: context.tags({ Purpose: "declared-state" }),
      },
      { parent: this },
    );
    const hash = content.apply(sha256);
    return new aws.lambda.Invocation(
      `${name}-reconciled`,
      {
        functionName: gateway.reconcilerFunctionArn,
        input: pulumi.jsonStringify({ department: department.name, sha256: hash }),
        triggers: { state: hash },
      },
      { parent: this, dependsOn: [state] },
    );
  }

  /** The department's Langfuse project, made by the function that holds Langfuse's own keys. */
  #langfuse(name: string, { context, department, leadEmail, observability, keys }: DepartmentGatewayArgs): void {
    const secretName = context.names.secret("langfuse");
    const secret = new aws.secretsmanager.Secret(
      `${name}-langfuse`,
      {
        name: secretName,
        description: `Langfuse project of ${department.name}`,
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: context.tags({ Purpose: "langfuse" }),
      },
      { parent: this },
    );
    const wish = {
      action: "ensure",
      department: department.name,
      secretName,
      leadEmail,
      keepPromptText: department.keepPromptText,
    };
    new aws.lambda.Invocation(
      `${name}-langfuse-project`,
      {
        functionName: observability.langfuseProvisionerArn,
        input: JSON.stringify(wish),
        triggers: { wish: sha256(JSON.stringify(wish)) },
      },
      { parent: this, dependsOn: [secret] },
    );
  }

  /** The department's alias of the key administration: the function reads the department from it, never from the caller's event. */
  #keyAdmin(name: string, { department, gateway }: DepartmentGatewayArgs): void {
    new aws.lambda.Alias(
      `${name}-key-admin`,
      {
        name: department.name,
        description: `Key administration of ${department.name}`,
        functionName: gateway.keyAdminFunctionName,
        functionVersion: "$LATEST",
      },
      { parent: this },
    );
  }

  /** A virtual key for each developer. `up` waits until every one has its value. */
  #virtualKeys(name: string, args: DepartmentGatewayArgs, reconciled: aws.lambda.Invocation): void {
    const { context, department, gatewayContext = context, gateway, keys } = args;
    // Through the verdict: the rotation, which starts at once, makes keys of accepted declarations only.
    const rotationFunctionArn = pulumi.all([gateway.rotationFunctionArn, reconciled.id]).apply(([arn]) => arn);
    const virtualKeys = department.developers.map(
      (developer) =>
        new VirtualKey(
          `${name}-${developer.id}`,
          { context, developer, gatewayContext, gateway: { rotationFunctionArn }, keys },
          { parent: this },
        ),
    );
    const developers = department.developers.map(({ id }) => id);
    new aws.lambda.Invocation(
      `${name}-keys-ready`,
      {
        functionName: gateway.rotationFunctionArn,
        input: JSON.stringify({ await: { department: department.name, developers } }),
        triggers: { developers: sha256(developers.join("\n")) },
      },
      { parent: this, dependsOn: virtualKeys },
    );
  }
}
