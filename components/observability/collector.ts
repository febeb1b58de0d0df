import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { configPurpose, langfusePort, langfuseProvisioner } from "./functions";
import { HostGroup } from "./host-group";
import type { Langfuse } from "./langfuse/langfuse";
import { mirroredImage, traceHost, type TracePlace } from "./trace-place";
import { TraceService } from "./trace-service";

/** Port of the collector's OTLP/HTTP receiver. */
export const collectorPort = 4318;

/** Purpose in names and tags. */
const purpose = "collector";

/** Arguments of {@link Collector}. */
export interface CollectorArgs {
  readonly place: TracePlace;
  /** Langfuse, whose projects get the spans. */
  readonly langfuse: Pick<Langfuse, "group" | "url" | "family">;
}

/**
 * The OpenTelemetry Collector: takes the gateway's spans and hands each to its department's Langfuse project, without text unless the
 * department keeps it. A function makes those projects and writes the collector's routes, which are found at run time.
 *
 * Cost: a task of .5 vCPU and 1 GiB, about $18 a month in Tokyo; two of them.
 */
export class Collector extends pulumi.ComponentResource {
  readonly endpoint: string;
  /** The gateway admits its tasks to it on {@link collectorPort}. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly provisionerArn: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: CollectorArgs;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:Collector", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const group = this.#group();
    const secret = this.#configuration();
    const provisioner = this.#provisioner(secret);
    this.#service(group, secret, this.#configured(provisioner, secret));

    this.endpoint = `http://${traceHost(args.place.context, purpose)}:${String(collectorPort)}`;
    this.securityGroupId = group.id;
    this.provisionerArn = provisioner.arn;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  #group(): HostGroup {
    const { place, langfuse } = this.#args;
    const { context, network } = place;
    const group = new HostGroup(`${this.#name}-tasks`, { context, purpose, network }, { parent: this });
    group.reach({ langfuse: { securityGroupId: langfuse.group.id, port: langfusePort } });
    langfuse.group.admit({ collector: { securityGroupId: group.id, port: langfusePort } });
    return group;
  }

  /** The secret with the collector's configuration: made empty, written by the provisioner. */
  #configuration(): aws.secretsmanager.Secret {
    const { context, keys } = this.#args.place;
    return new aws.secretsmanager.Secret(
      `${this.#name}-config`,
      {
        name: context.names.secret(configPurpose),
        description:
          "The collector's configuration, with the keys of every department's project: written by the provisioner",
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: context.tags({ Purpose: configPurpose }),
      },
      { parent: this },
    );
  }

  #provisioner(secret: aws.secretsmanager.Secret): LambdaFunction {
    const { place, langfuse } = this.#args;
    const { context, access, keys, network, alarmTopicArn } = place;
    const plan = langfuseProvisioner(context);
    const provisioner = new LambdaFunction(
      `${this.#name}-provisioner`,
      {
        context,
        ...plan,
        access,
        keys,
        network,
        reaches: { langfuse: { securityGroupId: langfuse.group.id, port: langfusePort } },
        environment: this.#provisionerEnvironment(secret),
        alarmTopicArn,
      },
      { parent: this },
    );
    const { securityGroupId } = provisioner;
    if (securityGroupId) langfuse.group.admit({ provisioner: { securityGroupId, port: langfusePort } });
    new FunctionSchedule(
      `${this.#name}-provisioner`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: provisioner.arn, access, keys },
      { parent: this },
    );
    return provisioner;
  }

  #provisionerEnvironment(secret: aws.secretsmanager.Secret) {
    const { place, langfuse } = this.#args;
    return {
      ORGANIZATION: place.context.organization,
      LANGFUSE_URL: langfuse.url,
      TASK_FAMILY: langfuse.family,
      CLUSTER: place.clusterName,
      SUBNETS: place.network.subnetIds.apply((ids) => ids.join(",")),
      SECURITY_GROUP: langfuse.group.id,
      COLLECTOR_CONFIG_ID: secret.name,
      COLLECTOR_SERVICE: place.context.names.service(purpose),
    };
  }

  /** The provisioner's first run, after which the secret has a value. */
  #configured(provisioner: LambdaFunction, secret: aws.secretsmanager.Secret): aws.lambda.Invocation {
    return new aws.lambda.Invocation(
      `${this.#name}-configured`,
      {
        functionName: provisioner.functionName,
        input: JSON.stringify({ action: "sync" }),
        triggers: { secret: secret.arn },
      },
      { parent: this, dependsOn: provisioner },
    );
  }

  #service(group: HostGroup, secret: aws.secretsmanager.Secret, configured: aws.lambda.Invocation): void {
    const { place } = this.#args;
    new TraceService(
      this.#name,
      {
        purpose,
        place,
        securityGroupId: group.id,
        container: {
          image: mirroredImage(place.artifacts, "collector", place.images.collector),
          command: ["--config=env:COLLECTOR_CONFIG"],
          port: collectorPort,
          environment: { GOMEMLIMIT: "700MiB" },
          secrets: { COLLECTOR_CONFIG: pulumi.all([secret.arn, configured.id]).apply(([arn]) => arn) },
        },
        cpu: 512,
        memoryMiB: 1024,
        tasks: 2,
        secretNames: [place.context.names.secret(configPurpose)],
        // It calls nothing of AWS: spans go to Langfuse, logs through ECS.
        statements: [],
      },
      { parent: this },
    );
  }
}
