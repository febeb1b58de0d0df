import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags, type StackSpec } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { LambdaFunction } from "../lambda";
import { clusterIdentifier, databaseSetup, postgresPort } from "./functions";

/** Arguments of {@link PostgresCluster}. */
export interface PostgresClusterArgs {
  readonly spec: StackSpec;
  /** Part of physical names, e.g. `gateway-database`. */
  readonly purpose: string;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /** Database to make. */
  readonly database: string;
  /** Its owner, the user the application connects as: letters, digits and underscores. */
  readonly owner: string;
  /** ARN of a secret `{username, password}` the owner logs in with, and its known name; absent: IAM authentication. */
  readonly ownerSecret?: { readonly arn: pulumi.Input<string>; readonly name: string };
  /** Groups that may connect, by a noun that names the rule. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  /** Aurora capacity units of 2 GiB: floor and ceiling of each of two instances. Default .5 to 8. */
  readonly capacity?: { readonly min: number; readonly max: number };
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Aurora Serverless v2 PostgreSQL with a writer and a reader in different zones, TLS forced, IAM authentication on, encrypted with the
 * stack's key, 14 days of point-in-time recovery. RDS keeps and rotates the master password, which nothing but the set-up function reads;
 * that function makes database and owner inside the VPC before anything connects.
 *
 * Deletion protection is on: `destroy` stops here until a person turns it off (docs/runbooks).
 * Cost: two instances at .5 ACU, about $110 a month in Tokyo, when idle.
 */
export class PostgresCluster extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = postgresPort;
  readonly securityGroupId: pulumi.Output<string>;
  /** RDS's id of the cluster, e.g. for alarms and dashboards. Known. */
  readonly clusterIdentifier: string;
  /** Known once database and owner exist: applications depend on it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:database:PostgresCluster", name, {}, opts);
    const { spec, purpose, network, keys, capacity = { min: 0.5, max: 8 } } = args;
    const identifier = clusterIdentifier(spec, purpose);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: purpose }) };

    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { description: `PostgreSQL ${purpose}`, vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
      child,
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        // RDS writes to this name, and would make the group without key and retention.
        name: `/aws/rds/cluster/${identifier}/postgresql`,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["gateway-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const subnets = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { description: `PostgreSQL ${purpose}`, subnetIds: network.subnetIds, ...tagged },
      child,
    );
    const parameters = new aws.rds.ClusterParameterGroup(
      `${name}-parameters`,
      {
        family: "aurora-postgresql16",
        description: `PostgreSQL ${purpose}`,
        parameters: [
          { name: "rds.force_ssl", value: "1" },
          { name: "log_statement", value: "ddl" },
          { name: "log_min_duration_statement", value: "1000" },
        ],
        ...tagged,
      },
      child,
    );
    const cluster = new aws.rds.Cluster(
      `${name}-cluster`,
      {
        clusterIdentifier: identifier,
        engine: "aurora-postgresql",
        engineMode: "provisioned",
        engineVersion: "16.8",
        serverlessv2ScalingConfiguration: { minCapacity: capacity.min, maxCapacity: capacity.max },
        port: postgresPort,
        dbSubnetGroupName: subnets.name,
        dbClusterParameterGroupName: parameters.name,
        vpcSecurityGroupIds: [group.id],
        storageEncrypted: true,
        kmsKeyId: keys.data,
        masterUsername: "postgres",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: keys.secrets,
        iamDatabaseAuthenticationEnabled: true,
        backupRetentionPeriod: 14,
        preferredBackupWindow: "16:00-17:00",
        preferredMaintenanceWindow: "sun:17:30-sun:18:30",
        copyTagsToSnapshot: true,
        deletionProtection: true,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${identifier}-final`,
        enabledCloudwatchLogsExports: ["postgresql"],
        ...tagged,
      },
      // RDS raises the minor version by itself; going back is not possible.
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
            publiclyAccessible: false,
            autoMinorVersionUpgrade: true,
            copyTagsToSnapshot: true,
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: keys.data,
            caCertIdentifier: "rds-ca-rsa2048-g1",
            ...tagged,
          },
          child,
        ),
    );

    const setup = this.#setup(name, args, { group, cluster });
    for (const [noun, client] of Object.entries({ ...args.clients, setup: setup.securityGroupId })) {
      if (client !== undefined) this.#admit(name, args, group, noun, client);
    }
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
      { ...child, dependsOn: [setup, ...instances] },
    );
    this.#alarms(name, args, identifier);

    this.host = cluster.endpoint;
    this.securityGroupId = group.id;
    this.clusterIdentifier = identifier;
    this.ready = made.id;
    this.registerOutputs({ host: this.host });
  }

  #setup(
    name: string,
    args: PostgresClusterArgs,
    made: { readonly group: aws.ec2.SecurityGroup; readonly cluster: aws.rds.Cluster },
  ): LambdaFunction {
    const { spec, purpose, network, keys, access, ownerSecret } = args;
    const masterSecret = made.cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    return new LambdaFunction(
      `${name}-setup`,
      {
        spec,
        ...databaseSetup(spec, purpose, ownerSecret?.name),
        access,
        keys,
        network,
        reaches: { database: { securityGroupId: made.group.id, port: postgresPort } },
        environment: {
          DATABASE_HOST: made.cluster.endpoint,
          DATABASE_PORT: String(postgresPort),
          MASTER_SECRET_ARN: masterSecret,
          // Where Lambda keeps the authorities that sign RDS's certificates.
          NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        },
        alarmTopicArn: args.alarmTopicArn,
      },
      { parent: this },
    );
  }

  #admit(
    name: string,
    args: PostgresClusterArgs,
    group: aws.ec2.SecurityGroup,
    noun: string,
    client: pulumi.Input<string>,
  ): void {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-${noun}`,
      {
        securityGroupId: group.id,
        description: `PostgreSQL from ${noun}`,
        referencedSecurityGroupId: client,
        ipProtocol: "tcp",
        fromPort: postgresPort,
        toPort: postgresPort,
        tags: tags(args.spec, { Purpose: args.purpose }),
      },
      { parent: this },
    );
  }

  #alarms(name: string, args: PostgresClusterArgs, identifier: string): void {
    const { spec, purpose, alarmTopicArn } = args;
    const alarm = (noun: string, metricName: string, threshold: number, alarmDescription: string) =>
      new aws.cloudwatch.MetricAlarm(
        `${name}-${noun}`,
        {
          alarmDescription,
          namespace: "AWS/RDS",
          metricName,
          dimensions: { DBClusterIdentifier: identifier },
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
    alarm("capacity", "ACUUtilization", 90, `PostgreSQL ${purpose} is at over 90 % of its largest capacity`);
    alarm("lag", "AuroraReplicaLagMaximum", 10_000, `The reader of PostgreSQL ${purpose} is over 10 s behind`);
  }
}
