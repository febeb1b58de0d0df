import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { names, tags, tracesZone, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts } from "../facts";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { configPurpose, langfusePort, langfuseProvisioner } from "./functions";
import { HostGroup } from "./host-group";
import type { Langfuse } from "./langfuse/langfuse";
import { TraceService } from "./trace-service";

/** Port of the collector's OTLP/HTTP receiver. */
export const collectorPort = 4318;

/** Arguments of {@link Collector}. */
export interface CollectorArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  readonly alarmTopicArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly namespaceId: pulumi.Input<string>;
  readonly langfuse: Langfuse;
}

/**
 * The OpenTelemetry Collector that takes the gateway's spans and hands each to its department's Langfuse project, without text unless the
 * department keeps it; and the function that makes those projects and writes the collector's routes, which are found at run time.
 *
 * Cost: a task of .5 vCPU and 1 GiB, about $18 a month in Tokyo; two of them.
 */
export class Collector extends pulumi.ComponentResource {
  readonly endpoint: string;
  /** The gateway admits its tasks to it on {@link collectorPort}. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly provisionerArn: pulumi.Output<string>;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:Collector", name, {}, opts);
    const { spec, network, keys, access, langfuse } = args;
    const known = names(spec.platform.organization);
    const child = { parent: this };

    const group = new HostGroup(`${name}-tasks`, { spec, purpose: "collector", network }, child);
    group.reach("langfuse", langfusePort, { referencedSecurityGroupId: langfuse.group.id });
    langfuse.group.admit("collector", langfusePort, group.id);

    const secret = new aws.secretsmanager.Secret(
      `${name}-config`,
      {
        name: known.secret(spec.stack, configPurpose),
        description:
          "The collector's configuration, with the keys of every department's project: written by the provisioner",
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: tags(spec, { Purpose: configPurpose }),
      },
      child,
    );
    const plan = langfuseProvisioner(spec);
    const provisioner = new LambdaFunction(
      `${name}-provisioner`,
      {
        context: contextOf(spec),
        ...plan,
        access,
        keys,
        network,
        reaches: { langfuse: { securityGroupId: langfuse.group.id, port: langfusePort } },
        environment: {
          ORGANIZATION: spec.platform.organization,
          LANGFUSE_URL: langfuse.url,
          TASK_FAMILY: langfuse.family,
          CLUSTER: args.clusterName,
          SUBNETS: network.subnetIds.apply((ids) => ids.join(",")),
          SECURITY_GROUP: langfuse.group.id,
          COLLECTOR_CONFIG_ID: secret.name,
          COLLECTOR_SERVICE: known.lambda(spec.stack, "collector"),
        },
        alarmTopicArn: args.alarmTopicArn,
      },
      child,
    );
    if (provisioner.securityGroupId) langfuse.group.admit("provisioner", langfusePort, provisioner.securityGroupId);
    const configured = new aws.lambda.Invocation(
      `${name}-configured`,
      {
        functionName: provisioner.functionName,
        input: JSON.stringify({ action: "sync" }),
        triggers: { secret: secret.arn },
      },
      { ...child, dependsOn: provisioner },
    );
    new FunctionSchedule(
      `${name}-provisioner`,
      { context: contextOf(spec), purpose: plan.purpose, ...plan.schedule, functionArn: provisioner.arn, access, keys },
      child,
    );
    new TraceService(
      name,
      {
        spec,
        purpose: "collector",
        network,
        keys,
        access,
        clusterArn: args.clusterArn,
        alarmTopicArn: args.alarmTopicArn,
        namespaceId: args.namespaceId,
        securityGroupId: group.id,
        image: args.artifacts.repositoryUrls.apply((urls) => `${urls.collector ?? ""}@${spec.images.collector}`),
        command: ["--config=env:COLLECTOR_CONFIG"],
        port: collectorPort,
        cpu: 512,
        memoryMiB: 1024,
        tasks: 2,
        environment: { GOMEMLIMIT: "700MiB" },
        secrets: { COLLECTOR_CONFIG: pulumi.all([secret.arn, configured.id]).apply(([arn]) => arn) },
        secretNames: [known.secret(spec.stack, configPurpose)],
        // It calls nothing of AWS: spans go to Langfuse, logs through ECS.
        statements: [],
      },
      child,
    );
    this.endpoint = `http://collector.${tracesZone(spec.stack, spec.platform.organization)}:${String(collectorPort)}`;
    this.securityGroupId = group.id;
    this.provisionerArn = provisioner.arn;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
