import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  departmentState,
  embeddingGroup,
  modelSpendTagKeys,
  stateKeys,
  type DepartmentSpec,
  type ModelGroup,
  type ModelTier,
} from "../../config";
import type { GatewayFacts, KeyFacts, ObservabilityFacts } from "../facts";
import type { MfaSettings } from "../access/human-trust";
import { after, type StackContext } from "../kit";
import { sha256 } from "./configuration";
import { departmentLangfuse } from "./department-langfuse";
import { VirtualKey } from "./virtual-key";

/** Arguments of {@link DepartmentGateway}. */
export interface DepartmentGatewayArgs {
  /** The department's stack, of the same name. */
  readonly context: StackContext;
  /** What the department declares: its limits, models and developers. */
  readonly department: DepartmentSpec;
  /** ARN of the system-defined inference profile of each tier. */
  readonly modelProfiles: Readonly<Record<ModelTier, string>>;
  /** ARN of the foundation model of embeddings; default: the gateway opens none. */
  readonly embeddingModel?: string;
  /** The stack with the department's Langfuse. */
  readonly tracesContext: StackContext;
  readonly mfaMode: MfaSettings["mfaMode"];
  /** The stack whose gateway the department uses; default this one. */
  readonly gatewayContext?: StackContext;
  readonly gateway: Pick<
    GatewayFacts,
    "keyAdminFunctionName" | "reconcilerFunctionArn" | "rotationFunctionArn" | "stateBucket"
  >;
  readonly observability: Pick<ObservabilityFacts, "langfuseProvisionerArn">;
  readonly keys: Pick<KeyFacts, "data" | "secrets" | "usable">;
}

/**
 * A department at the gateway: a tagged inference profile for each of its models, what its stack file declares, its Langfuse project with an
 * account for each lead, and a virtual key for each developer. `up` waits until the reconciler has accepted the declaration and every key is there, and shows a refusal
 * as its error.
 *
 * Cost: $.40 a month for each developer's and each lead's secret.
 */
export class DepartmentGateway extends pulumi.ComponentResource {
  /** ARN of each model group's inference profile. */
  readonly profiles: Readonly<Partial<Record<ModelGroup, pulumi.Output<string>>>>;
  readonly #virtualKeys: readonly VirtualKey[];

  constructor(name: string, args: DepartmentGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:DepartmentGateway", name, {}, opts);
    this.profiles = this.#profiles(name, args);
    const reconciled = this.#declare(name, args);
    this.#end(name, args, reconciled);
    departmentLangfuse(`${name}-langfuse`, args, { parent: this });
    this.#keyAdmin(name, args);
    this.#virtualKeys = this.#makeVirtualKeys(name, args, reconciled);
    this.registerOutputs({ profiles: this.profiles });
  }

  /** Secret name of a developer's virtual key, after its first rotation was started. @throws ResourceError without such a developer. */
  virtualKeyOf(id: string): pulumi.Output<string> {
    const key = this.#virtualKeys.find(({ developer }) => developer === id);
    if (key === undefined) throw new pulumi.ResourceError(`no virtual key of ${id}`, this);
    return key.secretName;
  }

  #profiles(
    name: string,
    { context, department, modelProfiles, embeddingModel }: DepartmentGatewayArgs,
  ): DepartmentGateway["profiles"] {
    const sources: readonly (readonly [ModelGroup, string])[] = [
      ...department.models.map((tier) => [tier, modelProfiles[tier]] as const),
      ...(embeddingModel === undefined ? [] : [[embeddingGroup, embeddingModel] as const]),
    ];
    const made = sources.map(([group, copyFrom]) => {
      const profile = new aws.bedrock.InferenceProfile(
        `${name}-${group}`,
        {
          name: context.names.inferenceProfile(group),
          description: `${group} model of ${department.name}`,
          modelSource: { copyFrom },
          tags: {
            ...context.tags({ Purpose: group }),
            [modelSpendTagKeys.department]: department.name,
            [modelSpendTagKeys.organization]: context.organization,
          },
        },
        { parent: this },
      );
      return [group, profile.arn] as const;
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

  /**
   * Ends the department's keys when its stack is destroyed, before its declaration goes: it
   * depends on that, and no resource depends on this one. Its input never changes, so an `up` never replaces it.
   */
  #end(name: string, { department, gateway }: DepartmentGatewayArgs, declared: aws.lambda.Invocation): void {
    new aws.lambda.Invocation(
      `${name}-keys-end`,
      {
        functionName: gateway.reconcilerFunctionArn,
        input: JSON.stringify({ ends: department.name }),
        lifecycleScope: "CRUD",
      },
      { parent: this, dependsOn: [declared] },
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
  #makeVirtualKeys(
    name: string,
    args: DepartmentGatewayArgs,
    reconciled: aws.lambda.Invocation,
  ): readonly VirtualKey[] {
    const { context, department, gatewayContext = context, gateway, keys } = args;
    // Through the verdict: the rotation, which starts at once, makes keys of accepted declarations only.
    const rotationFunctionArn = after(gateway.rotationFunctionArn, [reconciled]);
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
    return virtualKeys;
  }
}
