import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, tracesZone, type ObservabilitySpec, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import { NotificationTopic } from "../notification";
import { allow } from "../policy-document";
import { PrivateBucket } from "../storage";
import { AuditTrail } from "./audit-trail";
import { Collector } from "./collector";
import { planDashboard } from "./dashboard";
import { langfusePort } from "./functions";
import { InvocationLogging } from "./invocation-logging";
import { AccessNode } from "./langfuse/access-node";
import { Langfuse } from "./langfuse/langfuse";
import { ModelAlarms } from "./model-alarms";
import { SecurityAlarms } from "./security-alarms";
import { SecurityEvents } from "./security-events";

/** Arguments of {@link ObservabilityStack}. */
export interface ObservabilityStackArgs {
  readonly spec: StackSpec;
  readonly observability: ObservabilitySpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
}

/**
 * What watches over the system: the trail and alarms on it, events within seconds, Bedrock's record of invocations, a dashboard, and
 * Langfuse with the collector in front of it. What is one per account (trail, invocation logging) is made by the platform in an account of its
 * own only; in a shared one it is the owner's.
 *
 * Cost: Langfuse with its stores about $430 a month in Tokyo, alarms and metrics about $10, the access node $4.
 */
export class ObservabilityStack extends pulumi.ComponentResource {
  readonly facts: ObservabilityFacts;

  constructor(name: string, args: ObservabilityStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:ObservabilityStack", name, {}, opts);
    const { spec, network, keys, access, artifacts } = args;
    const context = contextOf(spec);
    const known = names(spec.platform.organization);
    const child = { parent: this };
    const ownsAccount = spec.department === undefined && spec.platform.account === "dedicated";

    const alarms = new NotificationTopic(
      `${name}-alarms`,
      {
        context: contextOf(spec),
        purpose: "alarms",
        keys,
        emails: spec.platform.alertEmails,
        publishers: ["cloudwatch.amazonaws.com", "elasticache.amazonaws.com", "events.amazonaws.com"],
      },
      child,
    );
    const accessLogs = this.#accessLogs(name, spec);

    if (ownsAccount) {
      const trail = new AuditTrail(
        `${name}-trail`,
        { context, keys, access, legalHold: spec.dataControl["audit-trail"].legalHold },
        child,
      );
      new SecurityAlarms(
        `${name}-security`,
        { context, trailLogGroupName: trail.logGroupName, topicArn: alarms.arn },
        child,
      );
      new InvocationLogging(`${name}-invocations`, { context, keys, access }, child);
    }
    if (spec.department === undefined) {
      // Events and Bedrock's metrics are the account's: once is enough.
      new SecurityEvents(`${name}-events`, { context, access, topicArn: alarms.arn }, child);
      new ModelAlarms(`${name}-models`, { context, topicArn: alarms.arn }, child);
      new aws.cloudwatch.Dashboard(
        `${name}-dashboard`,
        { dashboardName: known.lambda(spec.stack, "overview"), dashboardBody: planDashboard(context) },
        child,
      );
    }

    const namespace = new aws.servicediscovery.PrivateDnsNamespace(
      `${name}-traces-zone`,
      {
        name: tracesZone(spec.stack, spec.platform.organization),
        description: "Names of the trace store",
        vpc: network.vpcId,
        tags: tags(spec, { Purpose: "traces" }),
      },
      child,
    );
    const cluster = new aws.ecs.Cluster(
      `${name}-traces`,
      {
        name: known.lambda(spec.stack, "traces"),
        settings: [{ name: "containerInsights", value: "enabled" }],
        configuration: {
          managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: keys.data },
        },
        tags: tags(spec, { Purpose: "traces" }),
      },
      child,
    );
    const common = { spec, network, keys, access, artifacts, alarmTopicArn: alarms.arn };
    const place = { clusterArn: cluster.arn, namespaceId: namespace.id };
    const langfuse = new Langfuse(
      `${name}-langfuse`,
      { ...common, ...place, observability: args.observability },
      child,
    );
    const collector = new Collector(
      `${name}-collector`,
      { ...common, ...place, clusterName: cluster.name, langfuse },
      child,
    );
    new AccessNode(
      `${name}-access-node`,
      { spec, network, keys, access, langfuse: langfuse.group, port: langfusePort },
      child,
    );

    this.facts = {
      alarmTopicArn: alarms.arn,
      accessLogBucket: accessLogs.bucketName,
      collectorEndpoint: pulumi.output(collector.endpoint),
      collectorSecurityGroupId: collector.securityGroupId,
      langfuseProvisionerArn: collector.provisionerArn,
    };
    this.registerOutputs({ ...this.facts });
  }

  /** Load balancers write access logs to buckets with S3's own encryption only: the one standing exemption from customer-managed keys. */
  #accessLogs(name: string, spec: StackSpec): PrivateBucket {
    const arn = arns(spec).bucket(
      names(spec.platform.organization).bucket(spec.stack, "access-logs", spec.accountId, spec.region),
    );
    return new PrivateBucket(
      `${name}-access-logs`,
      {
        context: contextOf(spec),
        purpose: "access-logs",
        key: undefined,
        retentionDays: spec.dataControl["access-logs"].retentionDays,
        statements: [
          allow("LoadBalancersDeliver", {
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arn}/*/AWSLogs/${spec.accountId}/*`,
            Condition: {
              ArnLike: { "aws:SourceArn": arns(spec).regional("elasticloadbalancing", "loadbalancer/*") },
            },
          }),
        ],
      },
      { parent: this },
    );
  }
}
