import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  after,
  alarm,
  detachTimeouts,
  instanceTimeouts,
  logGroup,
  privateHost,
  useKey,
  waitFor,
  type StackContext,
} from "../../kit";
import { allow, type Statement } from "../../policy-document";
import { snapshotTag } from "../../workspace/snapshots";
import { certificateSecret } from "../functions";
import { hostProfile } from "../host";
import { HostGroup } from "../host-group";
import { pullImage, writeLogs } from "../trace-container";
import { mirrored, mirroredImage, traceHost, type TracePlace } from "../trace-place";
import { planClickHouseData, traceNamespace } from "./click-house-data";
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

/** What the host may do: pull its image, read its password and its key, write its logs, say that it is ready. */
const planHostStatements = (context: StackContext, passwordSecretName: string): readonly Statement[] => [
  ...pullImage(context, context.names.repository("clickhouse")),
  allow("ReadSecrets", {
    Action: "secretsmanager:GetSecretValue",
    Resource: [passwordSecretName, certificateSecret(context, purpose)].map((name) => context.arns.secret(name)),
  }),
  allow("SayReady", {
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": traceNamespace } },
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
 * Cost: a t4g.large, about $63 a month in Tokyo, and 100 GiB.
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
    const dependsOn = [...policies, logs, ...group.rules, args.place.certificates, ...waitFor(args.place.keys)];
    const instance = this.#instance({ profile, group, dependsOn });
    this.#data(instance);
    this.#statusCheck(instance);
    this.#notReady();

    this.privateIp = instance.privateIp;
    this.securityGroupId = after(group.id, group.rules);
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
      group.admit({
        [`${noun}-http`]: { securityGroupId, port: clickHousePorts.https },
        [`${noun}-native`]: { securityGroupId, port: clickHousePorts.native },
      });
    }
    return group;
  }

  #instance({ profile, group, dependsOn }: Surroundings): aws.ec2.Instance {
    const { context, network, keys, images, artifacts } = this.#args.place;
    return new aws.ec2.Instance(
      `${this.#name}-instance`,
      {
        ami: images.workspaceAmi,
        instanceType: "t4g.large",
        // Never slowed down: above 30 % in the mean it pays for more instead.
        creditSpecification: { cpuCredits: "unlimited" },
        subnetId: mirrored(artifacts, first(network.subnetIds)),
        vpcSecurityGroupIds: [group.id],
        iamInstanceProfile: profile.name,
        ...privateHost(keys, 20, this.#tags()),
        userData: this.#userData(),
        userDataReplaceOnChange: true,
        tags: { ...this.#tags(), Name: `${context.stack}/${purpose}` },
      },
      // Two hosts on one volume would corrupt it.
      { parent: this, deleteBeforeReplace: true, dependsOn, customTimeouts: instanceTimeouts },
    );
  }

  #userData(): string {
    const { place, passwordSecretName } = this.#args;
    const { context, images } = place;
    return planClickHouseData({
      region: context.region,
      image: mirroredImage(context, "clickhouse", images.clickHouse),
      passwordSecret: passwordSecretName,
      retentionDays: context.retentionDays["langfuse-traces"],
      logGroup: context.names.logGroup(purpose),
      certificateSecret: certificateSecret(context, purpose),
      host: traceHost(context, purpose),
      stack: context.stack,
    });
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
      { parent: this, deleteBeforeReplace: true, customTimeouts: detachTimeouts },
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

  /** The host itself says that Langfuse could use it: a bootstrap that goes on failing says nothing. */
  #notReady(): void {
    const { context, alarmTopicArn } = this.#args.place;
    alarm(
      `${this.#name}-not-ready`,
      {
        description: "The host of the trace store has not been ready for 20 minutes: its log group says at which step",
        runbook: "alarms-of-the-trace-store",
        audience: "infrastructure",
        namespace: traceNamespace,
        metricName: "ClickHouseReady",
        dimensions: { Stack: context.stack },
        statistic: "Maximum",
        period: 300,
        evaluationPeriods: 4,
        threshold: 1,
        comparisonOperator: "LessThanThreshold",
        treatMissingData: "breaching",
        topicArn: alarmTopicArn,
        tags: this.#tags(),
      },
      { parent: this },
    );
  }
}
