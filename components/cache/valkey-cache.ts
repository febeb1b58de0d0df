import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts, NetworkFacts } from "../facts";
import { after, admit, alarm, cacheTimeouts, clientsOn, logGroup, securityGroup, type StackContext } from "../kit";
import { GeneratedSecret } from "../secret";

/** Arguments of {@link ValkeyCache}. */
export interface ValkeyCacheArgs {
  readonly context: StackContext;
  /** Part of physical names, e.g. `gateway-cache`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  /** Security groups that may connect, by the noun of the rule. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  /** Eviction policy. A queue needs `noeviction`. */
  readonly evictionPolicy: "noeviction" | "volatile-lru";
  /** Node type; default cache.t4g.small (1.4 GiB). A change replaces nodes one by one. */
  readonly nodeType?: string;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Valkey's port, with TLS. */
export const valkeyPort = 6379;

/** Failover over two zones, a week of snapshots, maintenance on Monday morning in Tokyo. */
const availability = {
  numCacheClusters: 2,
  automaticFailoverEnabled: true,
  multiAzEnabled: true,
  autoMinorVersionUpgrade: true,
  applyImmediately: true,
  snapshotRetentionLimit: 7,
  snapshotWindow: "16:00-17:00",
  maintenanceWindow: "sun:17:00-sun:18:00",
};

/**
 * Valkey over two zones with automatic failover, TLS and a password, encrypted with the stack's
 * key, with its logs kept.
 *
 * Cost: two cache.t4g.small, about $58 a month in Tokyo.
 */
export class ValkeyCache extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = valkeyPort;
  readonly securityGroupId: pulumi.Output<string>;
  /** Secret; for the one secret that passes it to the clients. */
  readonly password: pulumi.Output<string>;
  /** Secrets Manager ARN of the password. */
  readonly passwordSecretArn: pulumi.Output<string>;

  constructor(name: string, args: ValkeyCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cache:ValkeyCache", name, {}, opts);
    const { context, purpose, network, keys } = args;
    const child = { parent: this };
    const tags = context.tags({ Purpose: purpose });
    const description = `Valkey ${purpose}`;

    const group = securityGroup(`${name}-group`, { network, description, tags }, child);
    const rules = admit(
      name,
      { securityGroupId: group.id, label: "Valkey", tags },
      clientsOn(valkeyPort, args.clients),
      child,
    );
    const password = new GeneratedSecret(
      `${name}-password`,
      { context, purpose: `${purpose}-password`, description: `Password of ${description}`, keys, length: 64 },
      child,
    );
    const logs = logGroup(
      `${name}-logs`,
      { context, groupName: context.names.logGroup(purpose), keys, retention: "gateway-logs", tags },
      child,
    );
    const cache = this.#valkey(name, args, { group, password, logs });
    this.#alarms(name, args);

    this.host = cache.primaryEndpointAddress;
    this.securityGroupId = after(group.id, rules);
    this.password = password.value;
    this.passwordSecretArn = password.valueFrom;
    this.registerOutputs({ host: this.host });
  }

  #valkey(
    name: string,
    args: ValkeyCacheArgs,
    made: Readonly<{ group: aws.ec2.SecurityGroup; password: GeneratedSecret; logs: aws.cloudwatch.LogGroup }>,
  ): aws.elasticache.ReplicationGroup {
    const { context, purpose, network, keys } = args;
    const child = { parent: this };
    const tags = context.tags({ Purpose: purpose });
    const description = `Valkey ${purpose}`;
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { description, subnetIds: network.subnetIds, tags },
      child,
    );
    const parameters = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      {
        family: "valkey8",
        description,
        parameters: [{ name: "maxmemory-policy", value: args.evictionPolicy }],
        tags,
      },
      child,
    );
    return new aws.elasticache.ReplicationGroup(
      `${name}-valkey`,
      {
        replicationGroupId: context.names.cache(purpose),
        description,
        engine: "valkey",
        engineVersion: "8.0",
        nodeType: args.nodeType ?? "cache.t4g.small",
        ...availability,
        port: valkeyPort,
        subnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        securityGroupIds: [made.group.id],
        atRestEncryptionEnabled: true,
        kmsKeyId: keys.data,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: made.password.value,
        authTokenUpdateStrategy: "ROTATE",
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          destination: made.logs.name,
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType,
        })),
        tags,
      },
      // ElastiCache raises the minor version by itself. The provider would replace the cache, and
      // lose what it holds, to lower it.
      { ...child, ignoreChanges: ["engineVersion"], customTimeouts: cacheTimeouts(availability.numCacheClusters) },
    );
  }

  #alarms(name: string, { context, purpose, alarmTopicArn }: ValkeyCacheArgs): void {
    for (const [noun, metricName, description] of [
      ["memory", "DatabaseMemoryUsagePercentage", `Valkey ${purpose} uses over 80 % of its memory`],
      [
        "cpu",
        "EngineCPUUtilization",
        `Valkey ${purpose} uses over 80 % of its one engine core, or the node does not answer`,
      ],
    ] as const) {
      for (const node of ["001", "002"]) {
        alarm(
          `${name}-${noun}-${node}`,
          {
            description,
            runbook: "alarms-of-the-cache",
            audience: "infrastructure",
            namespace: "AWS/ElastiCache",
            metricName,
            dimensions: { CacheClusterId: `${context.names.cache(purpose)}-${node}` },
            statistic: "Maximum",
            period: 300,
            evaluationPeriods: 3,
            threshold: 80,
            comparisonOperator: "GreaterThanThreshold",
            // A lost or replaced node reports nothing. ElastiCache's notifications do not reach an
            // encrypted topic.
            ...(noun === "cpu" && { treatMissingData: "breaching" }),
            topicArn: alarmTopicArn,
            tags: context.tags({ Purpose: purpose }),
          },
          { parent: this },
        );
      }
    }
  }
}
