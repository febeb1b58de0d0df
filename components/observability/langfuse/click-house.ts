import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, tags, type StackSpec } from "../../../config";
import { contextOf } from "../../context-of";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts } from "../../facts";
import { useKey } from "../../kit";
import { allow, document, serviceTrust } from "../../policy-document";
import { snapshotTag } from "../../workspace/snapshots";
import { HostGroup } from "../host-group";
import { planClickHouseData } from "./click-house-data";

/** ClickHouse's ports: HTTP for queries, native for migrations. */
export const clickHousePorts = { http: 8123, native: 9000 } as const;

/** Purpose in names: role, log group, instance. */
const purpose = "clickhouse";

/** Arguments of {@link ClickHouse}. */
export interface ClickHouseArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  /** Secrets Manager name of the password of its user `langfuse`. */
  readonly passwordSecretName: string;
  /** Groups that may connect, by a noun that names the rule. */
  readonly clients: Readonly<Record<string, HostGroup>>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** GiB of the data volume. Growing it takes effect at the next start. */
  readonly dataGiB?: number;
}

/**
 * ClickHouse on one host of its own, a container under systemd, its data on a retained volume with daily snapshots. Langfuse calls a single
 * container not fit for production: a host that is lost costs minutes, a volume that is lost costs a day of traces (docs/runbooks), and a stack
 * file can name an external ClickHouse instead.
 *
 * Cost: an m7g.large, about $77 a month in Tokyo, and 100 GiB.
 */
export class ClickHouse extends pulumi.ComponentResource {
  readonly privateIp: pulumi.Output<string>;

  constructor(name: string, args: ClickHouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:ClickHouse", name, {}, opts);
    const { spec, network, keys } = args;
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: purpose }) };
    const logGroupName = known.logGroup(spec.stack, purpose);

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
        name: known.role(spec.stack, purpose),
        path: iamPath,
        description: "Host of the trace store",
        assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
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
          allow("SignInToRegistry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
          allow("PullImage", {
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: arns(spec).regional("ecr", `repository/${known.repository("clickhouse")}`),
          }),
          allow("ReadPassword", {
            Action: "secretsmanager:GetSecretValue",
            Resource: arns(spec).secret(args.passwordSecretName),
          }),
          useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
          allow("WriteLogs", {
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${arns(spec).logGroup(logGroupName)}:log-stream:*`,
          }),
        ),
      },
      child,
    );
    const profile = new aws.iam.InstanceProfile(
      `${name}-profile`,
      { name: known.role(spec.stack, purpose), path: iamPath, role: role.name, ...tagged },
      child,
    );
    const group = new HostGroup(name, { spec, purpose, network }, child);
    for (const [noun, client] of Object.entries(args.clients)) {
      for (const [protocol, port] of Object.entries(clickHousePorts)) {
        group.admit(`${noun}-${protocol}`, port, client.id);
        client.reach(`clickhouse-${protocol}`, port, { referencedSecurityGroupId: group.id });
      }
    }
    const first = (values: pulumi.Output<string[]>) => values.apply((list) => list[0] ?? "");
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      {
        ami: spec.images.workspaceAmi,
        instanceType: "m7g.large",
        subnetId: first(network.subnetIds),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        associatePublicIpAddress: false,
        ebsOptimized: true,
        monitoring: false,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: 20,
          encrypted: true,
          kmsKeyId: keys.data,
          deleteOnTermination: true,
          ...tagged,
        },
        userData: args.artifacts.repositoryUrls.apply((urls) =>
          planClickHouseData({
            region: spec.region,
            image: `${urls.clickhouse ?? ""}@${spec.images.clickHouse}`,
            passwordSecret: args.passwordSecretName,
            retentionDays: spec.dataControl["langfuse-traces"].retentionDays,
            logGroup: logGroupName,
          }),
        ),
        userDataReplaceOnChange: true,
        tags: { ...tagged.tags, Name: `${spec.stack}/${purpose}` },
      },
      // Two hosts on one volume would corrupt it.
      { ...child, deleteBeforeReplace: true, dependsOn: [policy, logs] },
    );
    const volume = new aws.ebs.Volume(
      `${name}-data`,
      {
        availabilityZone: first(network.zones),
        type: "gp3",
        size: args.dataGiB ?? 100,
        encrypted: true,
        kmsKeyId: keys.data,
        tags: { ...tagged.tags, Name: `${spec.stack}/${purpose}/data`, Snapshots: snapshotTag(contextOf(spec)) },
      },
      { ...child, retainOnDelete: true },
    );
    new aws.ec2.VolumeAttachment(
      `${name}-data-attachment`,
      { instanceId: instance.id, volumeId: volume.id, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      { ...child, deleteBeforeReplace: true },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-unwell`,
      {
        alarmDescription:
          "The host of the trace store fails its status checks: stop and start it, the data volume stays",
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        dimensions: { InstanceId: instance.id },
        statistic: "Maximum",
        period: 300,
        evaluationPeriods: 2,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "breaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
        ...tagged,
      },
      child,
    );
    this.privateIp = instance.privateIp;
    this.registerOutputs({ privateIp: this.privateIp });
  }
}
