import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  departmentState,
  fit,
  modelArns,
  modelSpendTags,
  names,
  stateKeys,
  tags,
  type DepartmentSpec,
  type ModelTier,
  type StackSpec,
} from "../../config";
import type { AccessFacts, GatewayFacts, KeyFacts, ObservabilityFacts } from "../facts";
import { sha256 } from "./configuration";
import { VirtualKey } from "./virtual-key";

/** Arguments of {@link DepartmentGateway}. */
export interface DepartmentGatewayArgs {
  readonly spec: StackSpec;
  readonly gateway: GatewayFacts;
  readonly observability: ObservabilityFacts;
  readonly access: AccessFacts;
  readonly keys: KeyFacts;
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
    const { spec, gateway, keys } = args;
    const { department } = spec;
    if (!department) throw new pulumi.ResourceError("a department's gateway needs a department", this);
    const child = { parent: this };

    this.profiles = this.#profiles(name, spec, department);
    const reconciled = this.#declare(name, args, department);
    this.#langfuse(name, args, department);
    new aws.lambda.Alias(
      `${name}-key-admin`,
      {
        // The function takes the department from the alias it is invoked by, never from what the caller says.
        name: department.name,
        description: `Key administration of ${department.name}`,
        functionName: gateway.keyAdminFunctionName,
        functionVersion: "$LATEST",
      },
      child,
    );
    // Through the verdict: the rotation, which starts at once, makes keys of accepted declarations only.
    const rotationFunctionArn = pulumi.all([gateway.rotationFunctionArn, reconciled.id]).apply(([arn]) => arn);
    const virtualKeys = department.developers.map(
      (developer) =>
        new VirtualKey(`${name}-${developer.id}`, { spec, developer, gateway: { rotationFunctionArn }, keys }, child),
    );
    const developers = department.developers.map(({ id }) => id);
    new aws.lambda.Invocation(
      `${name}-keys-ready`,
      {
        functionName: gateway.rotationFunctionArn,
        input: JSON.stringify({ await: { department: department.name, developers } }),
        triggers: { developers: sha256(developers.join("\n")) },
      },
      { ...child, dependsOn: virtualKeys },
    );
    this.registerOutputs({ profiles: this.profiles });
  }

  #profiles(name: string, spec: StackSpec, department: DepartmentSpec): DepartmentGateway["profiles"] {
    const made = department.models.map((tier) => {
      const profile = new aws.bedrock.InferenceProfile(
        `${name}-${tier}`,
        {
          name: fit(64, spec.platform.organization, department.name, tier),
          description: `${tier} model of ${department.name}`,
          modelSource: { copyFrom: modelArns(spec.platform, tier).inferenceProfile },
          tags: { ...tags(spec, { Purpose: tier }), ...modelSpendTags(spec) },
        },
        { parent: this },
      );
      return [tier, profile.arn] as const;
    });
    return Object.fromEntries(made);
  }

  /** Hands what the stack file declares to the reconciler, and waits for its verdict. */
  #declare(name: string, args: DepartmentGatewayArgs, department: DepartmentSpec): aws.lambda.Invocation {
    const { spec, gateway, keys } = args;
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
        tags: tags(spec, { Purpose: "declared-state" }),
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
  #langfuse(name: string, { spec, observability, keys }: DepartmentGatewayArgs, department: DepartmentSpec): void {
    const secretName = names(spec.platform.organization).secret(spec.stack, "langfuse");
    const secret = new aws.secretsmanager.Secret(
      `${name}-langfuse`,
      {
        name: secretName,
        description: `Langfuse project of ${department.name}`,
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: tags(spec, { Purpose: "langfuse" }),
      },
      { parent: this },
    );
    const wish = {
      action: "ensure",
      department: department.name,
      secretName,
      leadEmail: department.alertEmails[0] ?? spec.platform.alertEmails[0],
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
}
