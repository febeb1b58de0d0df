import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tracesZone, type PlatformSpec } from "../../config";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { fargateCluster, type StackContext } from "../kit";
import { NotificationTopic } from "../notification";
import { allow } from "../policy-document";
import { PrivateBucket } from "../storage";
import { AuditTrail } from "./audit-trail";
import { TraceCertificates } from "./certificates";
import { Collector } from "./collector";
import { planDashboard } from "./dashboard";
import { langfusePort, tracesPurpose } from "./functions";
import { InvocationLogging } from "./invocation-logging";
import { AccessNode } from "./langfuse/access-node";
import { Langfuse } from "./langfuse/langfuse";
import { ModelAlarms } from "./model-alarms";
import { SecurityAlarms } from "./security-alarms";
import { SecurityEvents } from "./security-events";
import type { TraceImages, TracePlace } from "./trace-place";

/** Arguments of {@link ObservabilityStack}. */
export interface ObservabilityStackArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  /** Zones that the network was made with, 2 or 3: hosts stand in these. */
  readonly homeZones: number;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  readonly artifacts: Pick<ArtifactFacts, "repositoryUrls">;
  readonly images: TraceImages;
  /** Mail addresses of the infrastructure team: alarms. */
  readonly alertEmails: readonly string[];
  /** Mail addresses of the security team: a topic of its own for alarms and events of security. Default: the infrastructure team's. */
  readonly securityEmails?: readonly string[];
  /** HTTPS URL of an external ClickHouse inside the network; default a host of its own. */
  readonly clickHouseUrl?: string;
  /** Trail, alarms on it and invocation logging: one per account, so only in an account of its own. Default false. */
  readonly accountLogs?: boolean;
  /** Subject of the protected workflow's tokens: whom alarms expect to deploy; default none. */
  readonly workflow?: string;
  /** Object Lock on the trail's bucket; default true. */
  readonly legalHold?: boolean;
  /** Account-wide resources that exist already and are imported; default none. */
  readonly adopt?: PlatformSpec["adopt"];
  /** Events, alarms on models and the dashboard: they see the whole account, so one stack makes them. Default false. */
  readonly accountAlarms?: boolean;
}

/**
 * Alarms and logs of the system: the trail and alarms on it, events within seconds, Bedrock's invocation log, a dashboard, and Langfuse with
 * the collector in front of it.
 *
 * Cost: Langfuse with its stores about $430 a month in Tokyo, alarms and metrics about $10, the access node $4.
 */
export class ObservabilityStack extends pulumi.ComponentResource {
  readonly facts: ObservabilityFacts;
  readonly #name: string;
  readonly #args: ObservabilityStackArgs;

  constructor(name: string, args: ObservabilityStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:ObservabilityStack", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const { arn: topicArn } = this.#alarmTopic("alarms", args.alertEmails);
    const security = args.securityEmails ? this.#alarmTopic("security-alarms", args.securityEmails).arn : topicArn;
    const accessLogs = this.#accessLogs();
    if (args.accountLogs === true) this.#accountLogs(security);
    if (args.accountAlarms === true) this.#accountAlarms(topicArn, security);
    const collector = this.#traceStore(this.#place(topicArn));

    this.facts = {
      alarmTopicArn: topicArn,
      accessLogBucket: accessLogs.bucketName,
      collectorEndpoint: pulumi.output(collector.endpoint),
      collectorCa: collector.ca,
      collectorSecurityGroupId: collector.securityGroupId,
      langfuseProvisionerArn: collector.provisionerArn,
    };
    this.registerOutputs({ ...this.facts });
  }

  #alarmTopic(purpose: "alarms" | "security-alarms", emails: readonly string[]): NotificationTopic {
    const { context, keys } = this.#args;
    return new NotificationTopic(
      `${this.#name}-${purpose}`,
      {
        context,
        purpose,
        keys,
        emails,
        publishers: ["cloudwatch.amazonaws.com", "elasticache.amazonaws.com", "events.amazonaws.com"],
      },
      { parent: this },
    );
  }

  /** Load balancers write access logs to buckets with S3's own encryption only: the one standing exemption from customer-managed keys. */
  #accessLogs(): PrivateBucket {
    const { context } = this.#args;
    const { arns, names, accountId } = context;
    return new PrivateBucket(
      `${this.#name}-access-logs`,
      {
        context,
        purpose: "access-logs",
        key: undefined,
        retentionDays: context.retentionDays["access-logs"],
        statements: [
          allow("LoadBalancersDeliver", {
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arns.bucket(names.bucket("access-logs"))}/*/AWSLogs/${accountId}/*`,
            Condition: { ArnLike: { "aws:SourceArn": arns.regional("elasticloadbalancing", "loadbalancer/*") } },
          }),
        ],
      },
      { parent: this },
    );
  }

  #accountLogs(topicArn: pulumi.Output<string>): void {
    const { context, keys, access, legalHold = true, adopt = [], workflow } = this.#args;
    const child = { parent: this };
    const trail = new AuditTrail(`${this.#name}-trail`, { context, keys, access, legalHold, adopt }, child);
    const { logGroupName: trailLogGroupName } = trail;
    new SecurityAlarms(
      `${this.#name}-security`,
      { context, trailLogGroupName, topicArn, ...(workflow !== undefined && { workflow }) },
      child,
    );
    new InvocationLogging(`${this.#name}-invocations`, { context, keys, access }, child);
  }

  #accountAlarms(topicArn: pulumi.Output<string>, security: pulumi.Output<string>): void {
    const { context, access, workflow } = this.#args;
    const child = { parent: this };
    new SecurityEvents(
      `${this.#name}-events`,
      { context, access, topicArn: security, ...(workflow !== undefined && { workflow }) },
      child,
    );
    new ModelAlarms(`${this.#name}-models`, { context, topicArn }, child);
    new aws.cloudwatch.Dashboard(
      `${this.#name}-dashboard`,
      { dashboardName: context.names.dashboard("overview"), dashboardBody: planDashboard(context) },
      child,
    );
  }

  /** The cluster and the DNS zone of the trace store. */
  #place(alarmTopicArn: pulumi.Output<string>): TracePlace {
    const { context, network, keys, access, artifacts, images } = this.#args;
    const tags = context.tags({ Purpose: tracesPurpose });
    const zone = new aws.servicediscovery.PrivateDnsNamespace(
      `${this.#name}-traces-zone`,
      {
        name: tracesZone(context.stack, context.organization),
        description: "Names of the trace store",
        vpc: network.vpcId,
        tags,
      },
      { parent: this },
    );
    const cluster = fargateCluster(
      `${this.#name}-traces`,
      { context, clusterName: context.names.cluster(tracesPurpose), keys, tags },
      { parent: this },
    );
    const place = {
      ...{ context, network, keys, access, artifacts, images, alarmTopicArn },
      clusterName: cluster.name,
      clusterArn: cluster.arn,
      namespaceId: zone.id,
    };
    const certificates = new TraceCertificates(`${this.#name}-certificates`, { place }, { parent: this });
    return { ...place, certificates };
  }

  /** Langfuse, the collector that feeds it and the node through which people see it. */
  #traceStore(place: TracePlace): Collector {
    const { clickHouseUrl } = this.#args;
    const child = { parent: this };
    const langfuse = new Langfuse(
      `${this.#name}-langfuse`,
      { place, ...(clickHouseUrl !== undefined && { clickHouseUrl }) },
      child,
    );
    const collector = new Collector(`${this.#name}-collector`, { place, langfuse }, child);
    new AccessNode(
      `${this.#name}-access-node`,
      { place, zones: this.#args.homeZones, langfuse: langfuse.group, port: langfusePort },
      child,
    );
    return collector;
  }
}
