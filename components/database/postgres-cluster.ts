import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { fit } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { admit, after, alarm, clientsOn, logGroup, securityGroup, type StackContext } from "../kit";
import { LambdaFunction } from "../lambda";
import { databaseSetup, postgresPort } from "./functions";
import { caCertIdentifier } from "./roots";

/** Arguments of {@link PostgresCluster}. */
export interface PostgresClusterArgs {
  readonly context: StackContext;
  /** Part of physical names, e.g. `gateway-database`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /** Database to create. */
  readonly database: string;
  /** Its owner, the application's user: letters, digits and underscores. */
  readonly owner: string;
  /**
   * ARN of a secret `{username, password}` of the owner, and its known name; absent: IAM
   * authentication.
   */
  readonly ownerSecret?: { readonly arn: pulumi.Input<string>; readonly name: string };
  /** Security groups that may connect, by the noun of the rule. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Largest capacity of each of two instances in Aurora capacity units of 2 GiB; default 8. The
   * writer takes half a unit at least, and the reader rests.
   */
  readonly maxCapacity?: number;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Aurora Serverless v2 PostgreSQL with a writer and a reader in different zones. TLS is forced, IAM
 * authentication on, the stack's key encrypts it, and point-in-time recovery covers 14 days. RDS
 * keeps and rotates the master password, which only the set-up function reads. That function
 * creates database and owner inside the VPC before anything connects.
 *
 * Deletion protection is on: `destroy` stops here until an operator turns it off (docs/runbooks).
 *
 * Cost: the writer at .5 ACU, about $55 a month in Tokyo, when idle; the reader rests.
 */
export class PostgresCluster extends pulumi.ComponentResource {
  /** After database and owner exist: applications need both. */
  readonly host: pulumi.Output<string>;
  readonly port = postgresPort;
  readonly securityGroupId: pulumi.Output<string>;
  /** RDS's id of the cluster, e.g. for alarms and dashboards. Known. */
  readonly clusterIdentifier: string;

  constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:database:PostgresCluster", name, {}, opts);
    const { context, purpose, network } = args;
    const identifier = context.names.database(purpose);
    const child = { parent: this };
    const tags = context.tags({ Purpose: purpose });

    const group = securityGroup(`${name}-group`, { network, description: `PostgreSQL ${purpose}`, tags }, child);
    const { cluster, instances } = this.#aurora(name, args, group);
    const setup = this.#setup(name, args, { group, cluster });
    const clients = { ...args.clients, ...(setup.securityGroupId && { setup: setup.securityGroupId }) };
    const ofGroup = { securityGroupId: group.id, label: "PostgreSQL", tags };
    const rules = admit(name, ofGroup, clientsOn(postgresPort, clients), child);
    const made = new aws.lambda.Invocation(
      `${name}-ready`,
      {
        functionName: setup.functionName,
        input: pulumi.jsonStringify({
          database: args.database,
          owner: args.owner,
          ...(args.ownerSecret === undefined ? {} : { ownerSecretArn: args.ownerSecret.arn }),
        }),
        triggers: { cluster: cluster.clusterResourceId, database: args.database, owner: args.owner },
      },
      { ...child, dependsOn: [setup, ...instances, ...rules] },
    );
    this.#alarms(name, args);

    this.host = after(cluster.endpoint, [made]);
    this.securityGroupId = after(group.id, rules);
    this.clusterIdentifier = identifier;
    this.registerOutputs({ host: this.host });
  }

  /** The cluster with its log group, and its writer and reader. */
  #aurora(name: string, args: PostgresClusterArgs, group: aws.ec2.SecurityGroup) {
    const { context, purpose, network, keys, maxCapacity = 8 } = args;
    const identifier = context.names.database(purpose);
    const child = { parent: this };
    const tags = context.tags({ Purpose: purpose });
    const logs = logGroup(
      `${name}-logs`,
      // RDS writes to this name, and would create the group without key and retention.
      { context, groupName: context.names.databaseLogGroup(identifier), keys, retention: "gateway-logs", tags },
      child,
    );
    const subnets = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { description: `PostgreSQL ${purpose}`, subnetIds: network.subnetIds, tags },
      child,
    );
    const cluster = new aws.rds.Cluster(
      `${name}-cluster`,
      {
        clusterIdentifier: identifier,
        ...engine,
        ...protection,
        finalSnapshotIdentifier: this.#finalSnapshot(name, identifier),
        serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity, secondsUntilAutoPause: restAfterSeconds },
        dbSubnetGroupName: subnets.name,
        dbClusterParameterGroupName: this.#parameters(name, args).name,
        vpcSecurityGroupIds: [group.id],
        kmsKeyId: keys.data,
        masterUserSecretKmsKeyId: keys.secrets,
        tags,
      },
      // RDS raises the minor version by itself, and no `up` lowers it.
      { ...child, dependsOn: [logs], ignoreChanges: ["engineVersion"] },
    );
    const instances = ["a", "b"].map(
      (letter) =>
        new aws.rds.ClusterInstance(
          `${name}-${letter}`,
          {
            identifier: `${identifier}-${letter}`,
            clusterIdentifier: cluster.id,
            engine: "aurora-postgresql",
            instanceClass: "db.serverless",
            dbSubnetGroupName: subnets.name,
            promotionTier,
            publiclyAccessible: false,
            autoMinorVersionUpgrade: true,
            copyTagsToSnapshot: true,
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: keys.data,
            caCertIdentifier,
            tags,
          },
          child,
        ),
    );
    return { cluster, instances };
  }

  /**
   * Name of the snapshot that RDS makes when the cluster goes: 63 characters at most. It ends in
   * eight digits of this cluster's life, because the last life's snapshot still has its name.
   */
  #finalSnapshot(name: string, identifier: string): pulumi.Output<string> {
    const life = new random.RandomId(`${name}-life`, { byteLength: 4 }, { parent: this });
    return pulumi.interpolate`${fit(54, identifier)}-${life.hex}`;
  }

  #parameters(name: string, { context, purpose }: PostgresClusterArgs): aws.rds.ClusterParameterGroup {
    return new aws.rds.ClusterParameterGroup(
      `${name}-parameters`,
      {
        family: "aurora-postgresql16",
        description: `PostgreSQL ${purpose}`,
        parameters: [
          { name: "rds.force_ssl", value: "1" },
          { name: "log_statement", value: "ddl" },
          { name: "log_min_duration_statement", value: "1000" },
        ],
        tags: context.tags({ Purpose: purpose }),
      },
      { parent: this },
    );
  }

  /** The function that creates database and owner inside the VPC. */
  #setup(
    name: string,
    args: PostgresClusterArgs,
    made: { readonly group: aws.ec2.SecurityGroup; readonly cluster: aws.rds.Cluster },
  ): LambdaFunction {
    const { context, purpose, network, keys, access } = args;
    const masterSecret = made.cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    return new LambdaFunction(
      `${name}-setup`,
      {
        context,
        ...databaseSetup(context, purpose, args.ownerSecret?.name),
        access,
        keys,
        network,
        reaches: { database: { securityGroupId: made.group.id, port: postgresPort } },
        environment: {
          DATABASE_HOST: made.cluster.endpoint,
          DATABASE_PORT: String(postgresPort),
          MASTER_SECRET_ARN: masterSecret,
          // Lambda's path of the authorities that sign RDS's certificates.
          NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        },
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    );
  }

  #alarms(name: string, { context, purpose, alarmTopicArn }: PostgresClusterArgs): void {
    for (const [noun, metricName, threshold, description] of [
      ["capacity", "ACUUtilization", 90, `PostgreSQL ${purpose} is at over 90 % of its largest capacity`],
      ["lag", "AuroraReplicaLagMaximum", 10_000, `The reader of PostgreSQL ${purpose} is over 10 s behind`],
    ] as const) {
      alarm(
        `${name}-${noun}`,
        {
          description,
          runbook: "alarms-of-the-database",
          audience: "infrastructure",
          namespace: "AWS/RDS",
          metricName,
          dimensions: { DBClusterIdentifier: context.names.database(purpose) },
          statistic: "Maximum",
          period: 300,
          evaluationPeriods: 3,
          threshold,
          comparisonOperator: "GreaterThanThreshold",
          topicArn: alarmTopicArn,
          tags: context.tags({ Purpose: purpose }),
        },
        { parent: this },
      );
    }
  }
}

/**
 * Failover priority of both instances. From 2 on, the reader rests by itself while nobody reads
 * from it, whichever of the two that is; with 0 or 1 it would stay awake with the writer.
 */
const promotionTier = 2;

/**
 * Seconds without a connection after which an instance rests. The writer's clients keep theirs; an
 * hour lets a first deployment pass, too.
 */
const restAfterSeconds = 3600;

/** Engine and capacity of Aurora. */
const engine = {
  engine: "aurora-postgresql",
  engineMode: "provisioned",
  // The major version alone: AWS chooses the minor of a new cluster, and retires old minors.
  engineVersion: "16",
  port: postgresPort,
  enabledCloudwatchLogsExports: ["postgresql"],
};

/** Encryption, authentication, backups and deletion protection. */
const protection = {
  storageEncrypted: true,
  masterUsername: "postgres",
  manageMasterUserPassword: true,
  iamDatabaseAuthenticationEnabled: true,
  backupRetentionPeriod: 14,
  preferredBackupWindow: "16:00-17:00",
  preferredMaintenanceWindow: "sun:17:30-sun:18:30",
  copyTagsToSnapshot: true,
  deletionProtection: true,
  skipFinalSnapshot: false,
};
