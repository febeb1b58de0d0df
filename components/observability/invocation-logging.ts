import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, KeyFacts } from "../facts";
import { accountTrust, boundedRole, logGroup, type StackContext } from "../kit";
import { allow } from "../policy-document";

/** Arguments of {@link InvocationLogging}. */
export interface InvocationLoggingArgs {
  readonly context: StackContext;
  readonly keys: Pick<KeyFacts, "logs">;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
}

/** Purpose in names and tags. */
const purpose = "model-invocations";

/** Delivery of content: off explicitly, because an omitted one means on. */
const noContent = {
  textDataDeliveryEnabled: false,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
};

/**
 * Bedrock's invocation log without content: caller, model and tokens of every invocation. (`audioDataDeliveryEnabled` is not in
 * @pulumi/aws 7.48; no model of the catalogue takes audio.) One setting per account and region; it outlives the stack.
 */
export class InvocationLogging extends pulumi.ComponentResource {
  constructor(name: string, args: InvocationLoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:InvocationLogging", name, {}, opts);
    const { context, keys, access } = args;
    const { arns, names } = context;
    const child = { parent: this };
    const tags = context.tags({ Purpose: purpose });
    const groupName = names.logGroup(purpose);

    const logs = logGroup(`${name}-logs`, { context, groupName, keys, retention: "gateway-logs", tags }, child);
    const { role, policies } = boundedRole(
      `${name}-role`,
      {
        roleName: names.role(purpose),
        description: "Bedrock writes its record of invocations",
        trust: accountTrust(context, "bedrock.amazonaws.com", arns.regional("bedrock", "*")),
        boundaryArn: access.workloadBoundaryArn,
        statements: [
          allow("WriteRecord", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns.logGroup(groupName)}:log-stream:aws/bedrock/modelinvocations`,
          }),
        ],
        tags,
      },
      child,
    );
    new aws.bedrockmodel.InvocationLoggingConfiguration(
      `${name}-setting`,
      { loggingConfig: { cloudwatchConfig: { logGroupName: logs.name, roleArn: role.arn }, ...noContent } },
      { ...child, dependsOn: policies, retainOnDelete: true },
    );
    this.registerOutputs({});
  }
}
