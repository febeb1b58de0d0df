import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ValkeyCache } from "../cache";
import { PostgresCluster } from "../database";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { admit, awsServices, reach, securityGroup, type StackContext } from "../kit";
import { connectionsSecret } from "../secret";
import { databaseName, type Connections } from "./containers";
import { databaseUser, secretPurposes } from "./task-policies";

/** Arguments of {@link taskSurroundings}. */
export interface TaskSurroundingsArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly artifacts: Pick<ArtifactFacts, "bucket">;
  readonly observability: Pick<
    ObservabilityFacts,
    "alarmTopicArn" | "collectorEndpoint" | "collectorCa" | "collectorSecurityGroupId"
  >;
}

/** Database and cache of the tasks. */
export interface TaskStores {
  readonly database: PostgresCluster;
  readonly cache: ValkeyCache;
}

/** OTLP over HTTP. */
const collectorPort = 4318;

/** The tasks' security group with its egress, their database and their cache. */
export function taskSurroundings(
  name: string,
  args: TaskSurroundingsArgs,
  opts: pulumi.CustomResourceOptions,
): {
  readonly taskGroupId: pulumi.Output<string>;
  readonly stores: TaskStores;
  /** Rules on both sides of what the tasks connect to. */
  readonly rules: pulumi.Resource[];
} {
  const { context, network } = args;
  const tags = context.tags({ Purpose: "gateway" });
  const taskGroup = securityGroup(`${name}-tasks`, { network, description: "Gateway tasks", tags }, opts);
  const stores = taskStores(name, args, taskGroup.id, opts);
  return { taskGroupId: taskGroup.id, stores, rules: openTasks(name, args, taskGroup.id, stores, opts) };
}

function taskStores(
  name: string,
  { context, network, keys, access, observability }: TaskSurroundingsArgs,
  taskGroupId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): TaskStores {
  const { alarmTopicArn } = observability;
  const common = { context, network, keys, clients: { gateway: taskGroupId }, alarmTopicArn };
  const owned = { database: databaseName, owner: databaseUser(context) };
  const database = new PostgresCluster(
    `${name}-database`,
    { ...common, ...owned, purpose: "gateway-database", access },
    opts,
  );
  const cache = new ValkeyCache(
    `${name}-cache`,
    // Counters and places: kilobytes for each key. T4g nodes of ElastiCache are never slowed down.
    { ...common, purpose: "gateway-cache", evictionPolicy: "volatile-lru", nodeType: "cache.t4g.micro" },
    opts,
  );
  return { database, cache };
}

/** Egress of the tasks: AWS's services, their database and cache, and the collector, which admits them. */
function openTasks(
  name: string,
  { context, network, observability }: TaskSurroundingsArgs,
  taskGroupId: pulumi.Input<string>,
  { database, cache }: TaskStores,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const tags = context.tags({ Purpose: "gateway" });
  const { collectorSecurityGroupId } = observability;
  const egress = reach(
    name,
    { securityGroupId: taskGroupId, label: "Gateway", tags },
    {
      ...awsServices(network),
      database: { securityGroupId: database.securityGroupId, port: database.port },
      cache: { securityGroupId: cache.securityGroupId, port: cache.port },
      collector: { securityGroupId: collectorSecurityGroupId, port: collectorPort },
    },
    opts,
  );
  const usage = { securityGroupId: taskGroupId, port: collectorPort, description: "Usage from the gateway" };
  const ingress = admit(
    name,
    { securityGroupId: collectorSecurityGroupId, label: "Collector", tags },
    { gateway: { ...usage, rule: "into-collector" } },
    opts,
  );
  return [...egress, ...ingress];
}

/** Hosts and password of what the tasks connect to, in one secret: a preview then knows the whole task definition. */
export function taskConnections(
  name: string,
  { context, keys, artifacts, observability }: TaskSurroundingsArgs,
  { database, cache }: TaskStores,
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.SecretVersion {
  const values: Connections<pulumi.Input<string>> = {
    DATABASE_HOST: database.host,
    REDIS_HOST: cache.host,
    REDIS_PASSWORD: cache.password,
    OTEL_ENDPOINT: observability.collectorEndpoint,
    OTEL_CA: observability.collectorCa,
    ARTIFACT_BUCKET: artifacts.bucket,
  };
  return connectionsSecret(
    `${name}-connections`,
    {
      context,
      purpose: secretPurposes.connections,
      description: "Hosts and password of what the gateway's tasks connect to",
      keys,
      tagged: "gateway",
      values,
    },
    opts,
  );
}
