import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../config";
import type { AccessFacts, KeyFacts } from "../facts";
import { allow, document, serviceTrust } from "../policy-document";

/** Arguments of {@link InvocationLogging}. */
export interface InvocationLoggingArgs {
  readonly spec: StackSpec;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
}

/**
 * Bedrock's record of every invocation, without what was said: who, which model, how many tokens. Each delivery of content is off explicitly,
 * because an omitted one means on. (`audioDataDeliveryEnabled` is not in @pulumi/aws 7.48; no model of the catalogue takes audio.) One setting per
 * account and region, kept when the stack goes.
 */
export class InvocationLogging extends pulumi.ComponentResource {
  constructor(name: string, args: InvocationLoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:InvocationLogging", name, {}, opts);
    const { spec, keys } = args;
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "model-invocations" }) };
    const logGroupName = known.logGroup(spec.stack, "model-invocations");

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: logGroupName,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["gateway-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: known.role(spec.stack, "model-invocations"),
        path: iamPath,
        description: "Bedrock writes its record of invocations",
        assumeRolePolicy: serviceTrust("bedrock.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
          ArnLike: { "aws:SourceArn": arns(spec).regional("bedrock", "*") },
        }),
        permissionsBoundary: args.access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: document(
          allow("WriteRecord", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:aws/bedrock/modelinvocations`,
          }),
        ),
      },
      child,
    );
    new aws.bedrockmodel.InvocationLoggingConfiguration(
      `${name}-setting`,
      {
        loggingConfig: {
          cloudwatchConfig: { logGroupName: logs.name, roleArn: role.arn },
          textDataDeliveryEnabled: false,
          imageDataDeliveryEnabled: false,
          embeddingDataDeliveryEnabled: false,
          videoDataDeliveryEnabled: false,
        },
      },
      { ...child, dependsOn: policy, retainOnDelete: true },
    );
    this.registerOutputs({});
  }
}
