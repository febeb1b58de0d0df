import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fit, names, tags, type StackSpec } from "../../config";
import type { KeyFacts, NetworkFacts } from "../facts";
import { GeneratedSecret } from "../secret";

/** Arguments of {@link ValkeyCache}. */
export interface ValkeyCacheArgs {
  readonly spec: StackSpec;
  /** Part of physical names, e.g. `gateway-cache`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  /** Groups that may connect, by a noun that names the rule. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  /** What gives way when memory is full. A queue must not: `noeviction`. */
  readonly evictionPolicy: "noeviction" | "volatile-lru";
  /** Default cache.t4g.small (1.4 GiB). A change replaces nodes one by one. */
  readonly nodeType?: string;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Port that Valkey listens on, with TLS. */
export const valkeyPort = 6379;

/**
 * Valkey over two zones with automatic failover, TLS and a password, encrypted with the stack's key, its logs kept.
 *
 * Cost: two cache.t4g.small, about $62 a month in Tokyo.
 */
export class ValkeyCache extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = valkeyPort;
  readonly securityGroupId: pulumi.Output<string>;
  /** Secret; for the one secret that hands it to the clients. */
  readonly password: pulumi.Output<string>;
  /** Secrets Manager ARN of the password. */
  readonly passwordSecretArn: pulumi.Output<string>;

  constructor(name: string, args: ValkeyCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:cache:ValkeyCache", name, {}, opts);
    const { spec, purpose, network, keys } = args;
    const known = names(spec.platform.organization);
    const groupId = fit(40, spec.platform.organization, spec.stack, purpose);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: purpose }) };

    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { description: `Valkey ${purpose}`, vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
      child,
    );
    for (const [noun, client] of Object.entries(args.clients)) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-${noun}`,
        {
          securityGroupId: group.id,
          description: `Valkey from ${noun}`,
          referencedSecurityGroupId: client,
          ipProtocol: "tcp",
          fromPort: valkeyPort,
          toPort: valkeyPort,
          ...tagged,
        },
        child,
      );
    }
    const password = new GeneratedSecret(
      `${name}-password`,
      { spec, purpose: `${purpose}-password`, description: `Password of Valkey ${purpose}`, keys, length: 64 },
      child,
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: known.logGroup(spec.stack, purpose),
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["gateway-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const subnets = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { description: `Valkey ${purpose}`, subnetIds: network.subnetIds, ...tagged },
      child,
    );
    const parameters = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      {
        family: "valkey8",
        description: `Valkey ${purpose}`,
        parameters: [{ name: "maxmemory-policy", value: args.evictionPolicy }],
        ...tagged,
      },
      child,
    );
    const cache = new aws.elasticache.ReplicationGroup(
      `${name}-valkey`,
      {
        replicationGroupId: groupId,
        description: `Valkey ${purpose}`,
        engine: "valkey",
        engineVersion: "8.0",
        nodeType: args.nodeType ?? "cache.t4g.small",
        numCacheClusters: 2,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        autoMinorVersionUpgrade: true,
        applyImmediately: true,
        port: valkeyPort,
        subnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        securityGroupIds: [group.id],
        atRestEncryptionEnabled: true,
        kmsKeyId: keys.data,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: password.value,
        authTokenUpdateStrategy: "ROTATE",
        snapshotRetentionLimit: 7,
        snapshotWindow: "16:00-17:00",
        maintenanceWindow: "sun:17:00-sun:18:00",
        notificationTopicArn: args.alarmTopicArn,
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          destination: logs.name,
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType,
        })),
        ...tagged,
      },
      child,
    );
    this.#alarms(name, args, groupId);

    this.host = cache.primaryEndpointAddress;
    this.securityGroupId = group.id;
    this.password = password.value;
    this.passwordSecretArn = password.valueFrom;
    this.registerOutputs({ host: this.host });
  }

  #alarms(name: string, args: ValkeyCacheArgs, groupId: string): void {
    const { spec, purpose, alarmTopicArn } = args;
    const alarm = (noun: string, metricName: string, threshold: number, alarmDescription: string) => {
      for (const node of ["001", "002"]) {
        new aws.cloudwatch.MetricAlarm(
          `${name}-${noun}-${node}`,
          {
            alarmDescription,
            namespace: "AWS/ElastiCache",
            metricName,
            dimensions: { CacheClusterId: `${groupId}-${node}` },
            statistic: "Maximum",
            period: 300,
            evaluationPeriods: 3,
            threshold,
            comparisonOperator: "GreaterThanThreshold",
            alarmActions: [alarmTopicArn],
            okActions: [alarmTopicArn],
            tags: tags(spec, { Purpose: purpose }),
          },
          { parent: this },
        );
      }
    };
    alarm("memory", "DatabaseMemoryUsagePercentage", 80, `Valkey ${purpose} uses over 80 % of its memory`);
    alarm("cpu", "EngineCPUUtilization", 80, `Valkey ${purpose} uses over 80 % of its one engine core`);
  }
}
