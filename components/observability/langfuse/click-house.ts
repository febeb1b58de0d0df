import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm, logGroup, privateHost, useKey, type StackContext } from "../../kit";
import { allow, type Statement } from "../../policy-document";
import { snapshotTag } from "../../workspace/snapshots";
import { hostProfile } from "../host";
import { HostGroup } from "../host-group";
import { pullImage, writeLogs } from "../trace-container";
import { mirroredImage, type TracePlace } from "../trace-place";
import { planClickHouseData } from "./click-house-data";
import { clickHousePorts } from "./click-house-place";

/** Purpose in names: role, log group, instance. */
const purpose = "clickhouse";

/** Arguments of {@link ClickHouse}. */
export interface ClickHouseArgs {
  readonly place: TracePlace;
  /** Secrets Manager name of the password of its user `langfuse`. */
  readonly passwordSecretName: string;
  /** Groups that may connect, by a noun that names the rule. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  /** GiB of the data volume; default 100. Growing it takes effect at the next start. */
  readonly dataGiB?: number;
}

/** What the host may do: pull its image, read its password, write its logs. */
const planHostStatements = (context: StackContext, passwordSecretName: string): readonly Statement[] => [
  ...pullImage(context, context.names.repository("clickhouse")),
  allow("ReadPassword", {
    Action: "secretsmanager:GetSecretValue",
    Resource: context.arns.secret(passwordSecretName),
  }),
  useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  writeLogs(context, context.names.logGroup(purpose)),
];

const first = (values: pulumi.Output<string[]>): pulumi.Output<string> => values.apply((list) => list[0] ?? "");

/** What the instance runs with. */
interface Surroundings {
  readonly profile: aws.iam.InstanceProfile;
  readonly group: HostGroup;
  readonly dependsOn: pulumi.Resource[];
}

/**
 * ClickHouse on one host of its own: a container under systemd, its data on a retained volume with daily snapshots. Langfuse calls a single
 * container not fit for production: a host that is lost costs minutes, a volume that is lost costs a day of traces (docs/runbooks). A stack
 * file can name an external ClickHouse instead.
 *
 * Cost: an m7g.large, about $77 a month in Tokyo, and 100 GiB.
 */
export class ClickHouse extends pulumi.ComponentResource {
  readonly privateIp: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: ClickHouseArgs;

  constructor(name: string, args: ClickHouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:ClickHouse", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const logs = this.#logs();
    const { profile, policies } = this.#profile();
    const group = this.#group();
    const instance = this.#instance({ profile, group, dependsOn: [...policies, logs] });
    this.#data(instance);
    this.#statusCheck(instance);

    this.privateIp = instance.privateIp;
    this.securityGroupId = group.id;
    this.registerOutputs({ privateIp: this.privateIp });
  }

  #tags(): Record<string, string> {
    return this.#args.place.context.tags({ Purpose: purpose });
  }

  #logs(): aws.cloudwatch.LogGroup {
    const { context, keys } = this.#args.place;
    return logGroup(
      `${this.#name}-logs`,
      { context, groupName: context.names.logGroup(purpose), keys, retention: "gateway-logs", tags: this.#tags() },
      { parent: this },
    );
  }

  #profile() {
    const { place, passwordSecretName } = this.#args;
    const { context, access } = place;
    const statements = planHostStatements(context, passwordSecretName);
    return hostProfile(
      this.#name,
      { context, purpose, description: "Host of the trace store", access, statements },
      { parent: this },
    );
  }

  #group(): HostGroup {
    const { place, clients } = this.#args;
    const { context, network } = place;
    const group = new HostGroup(this.#name, { context, purpose, network }, { parent: this });
    for (const [noun, securityGroupId] of Object.entries(clients)) {
      for (const [protocol, port] of Object.entries(clickHousePorts)) {
        group.admit({ [`${noun}-${protocol}`]: { securityGroupId, port } });
      }
    }
    return group;
  }

  #instance({ profile, group, dependsOn }: Surroundings): aws.ec2.Instance {
    const { context, network, keys, images } = this.#args.place;
    return new aws.ec2.Instance(
      `${this.#name}-instance`,
      {
        ami: images.workspaceAmi,
        instanceType: "m7g.large",
        subnetId: first(network.subnetIds),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        ...privateHost(keys, 20, this.#tags()),
        userData: this.#userData(),
        userDataReplaceOnChange: true,
        tags: { ...this.#tags(), Name: `${context.stack}/${purpose}` },
      },
      // Two hosts on one volume would corrupt it.
      { parent: this, deleteBeforeReplace: true, dependsOn },
    );
  }

  #userData(): pulumi.Output<string> {
    const { place, passwordSecretName } = this.#args;
    const { context, artifacts, images } = place;
    return mirroredImage(artifacts, "clickhouse", images.clickHouse).apply((image) =>
      planClickHouseData({
        region: context.region,
        image,
        passwordSecret: passwordSecretName,
        retentionDays: context.retentionDays["langfuse-traces"],
        logGroup: context.names.logGroup(purpose),
      }),
    );
  }

  /** The data volume: retained, with daily snapshots. */
  #data(instance: aws.ec2.Instance): void {
    const { place, dataGiB = 100 } = this.#args;
    const { context, network, keys } = place;
    const volume = new aws.ebs.Volume(
      `${this.#name}-data`,
      {
        availabilityZone: first(network.zones),
        type: "gp3",
        size: dataGiB,
        encrypted: true,
        kmsKeyId: keys.data,
        tags: { ...this.#tags(), Name: `${context.stack}/${purpose}/data`, Snapshots: snapshotTag(context) },
      },
      { parent: this, retainOnDelete: true },
    );
    new aws.ec2.VolumeAttachment(
      `${this.#name}-data-attachment`,
      { instanceId: instance.id, volumeId: volume.id, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  #statusCheck(instance: aws.ec2.Instance): void {
    alarm(
      `${this.#name}-unwell`,
      {
        description: "The host of the trace store fails its status checks: stop and start it, the data volume stays",
        runbook: "alarms-of-the-trace-store",
        audience: "infrastructure",
        namespace: "AWS/EC2",
        metricName: "StatusCheckFailed",
        dimensions: { InstanceId: instance.id },
        statistic: "Maximum",
        period: 300,
        evaluationPeriods: 2,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "breaching",
        topicArn: this.#args.place.alarmTopicArn,
        tags: this.#tags(),
      },
      { parent: this },
    );
  }
}
