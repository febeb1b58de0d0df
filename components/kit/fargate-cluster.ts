import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import type { StackContext } from "./context";
import { logGroup } from "./log-group";

/** Arguments of {@link fargateCluster}. */
export interface FargateClusterArgs {
  readonly context: StackContext;
  /** Physical name, from `context.names.cluster`. */
  readonly clusterName: string;
  readonly keys: Pick<KeyFacts, "data" | "logs">;
  readonly tags: Record<string, string>;
}

/**
 * An ECS cluster for Fargate tasks with Container Insights, its storage under the stack's key. The
 * log group of Container Insights exists first: AWS would create it without key and retention.
 */
export function fargateCluster(
  name: string,
  { context, clusterName, keys, tags }: FargateClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ecs.Cluster {
  const groupName = context.names.insightsLogGroup(clusterName);
  const insights = logGroup(`${name}-insights`, { context, groupName, keys, retention: "gateway-logs", tags }, opts);
  return new aws.ecs.Cluster(
    name,
    {
      name: clusterName,
      settings: [{ name: "containerInsights", value: "enabled" }],
      configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: keys.data } },
      tags,
    },
    { ...opts, dependsOn: insights },
  );
}
