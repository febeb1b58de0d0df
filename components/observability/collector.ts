import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after, waitFor } from "../kit";
import { FunctionSchedule, LambdaFunction } from "../lambda";
import { authoritySecret, certificateSecret, configPurpose, langfusePort, langfuseProvisioner } from "./functions";
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
  readonly langfuse: Pick<Langfuse, "group" | "url" | "family" | "services" | "initExecutionRoleArn">;
}

/**
 * The OpenTelemetry Collector: takes the gateway's spans and hands each to its department's Langfuse project, without text unless the
 * department keeps it. A function makes those projects and writes the collector's routes, which are found at run time.
 *
 * Cost: a task of .5 vCPU and 1 GiB, about $18 a month in Tokyo; two of them.
 */
export class Collector extends pulumi.ComponentResource {
  readonly endpoint: string;
  /** PEM of the authority that vouches for {@link endpoint}. */
  readonly ca: pulumi.Output<string>;
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
    this.#service(group, secret, this.#configured(provisioner.functionName, secret));

    this.endpoint = `https://${traceHost(args.place.context, purpose)}:${String(collectorPort)}`;
    this.ca = args.place.certificates.authority;
    this.securityGroupId = group.id;
    this.provisionerArn = provisioner.arn;
    this.registerOutputs({ endpoint: this.endpoint });
  }

  #group(): HostGroup {
    const { place, langfuse } = this.#args;
    const { context, network } = place;
    const group = new HostGroup(`${this.#name}-tasks`, { context, purpose, network }, { parent: this });
    langfuse.group.admit({ collector: { securityGroupId: group.id, port: langfusePort } });
    group.reach({ langfuse: { securityGroupId: this.#langfuseGroup(), port: langfusePort } });
    return group;
  }

  /** Langfuse's group, after the rules that admit to it. */
  #langfuseGroup(): pulumi.Output<string> {
    const { group } = this.#args.langfuse;
    return after(group.id, group.rules);
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

  /** The function, by name and ARN after all that it calls: Langfuse, and the rules on both sides. */
  #provisioner(secret: aws.secretsmanager.Secret): Pick<LambdaFunction, "functionName" | "arn"> {
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
    const callable = [provisioner, ...langfuse.group.rules, ...langfuse.services];
    const arn = after(provisioner.arn, callable);
    new FunctionSchedule(
      `${this.#name}-provisioner`,
      { context, purpose: plan.purpose, ...plan.schedule, functionArn: arn, access, keys },
      { parent: this },
    );
    return { functionName: after(provisioner.functionName, callable), arn };
  }

  #provisionerEnvironment(secret: aws.secretsmanager.Secret) {
    const { place, langfuse } = this.#args;
    return {
      ORGANIZATION: place.context.organization,
      LANGFUSE_URL: langfuse.url,
      LANGFUSE_CA: place.certificates.authority,
      TASK_FAMILY: langfuse.family,
      EXECUTION_ROLE: langfuse.initExecutionRoleArn,
      CLUSTER: place.clusterName,
      SUBNETS: place.network.subnetIds.apply((ids) => ids.join(",")),
      SECURITY_GROUP: langfuse.group.id,
      COLLECTOR_CONFIG_ID: secret.name,
      COLLECTOR_SERVICE: place.context.names.service(purpose),
    };
  }

  /** The provisioner's first run, after which the secret has a value. */
  #configured(functionName: pulumi.Output<string>, secret: aws.secretsmanager.Secret): aws.lambda.Invocation {
    return new aws.lambda.Invocation(
      `${this.#name}-configured`,
      {
        functionName,
        input: JSON.stringify({ action: "sync" }),
        triggers: { secret: secret.arn },
      },
      { parent: this, dependsOn: waitFor(this.#args.place.keys) },
    );
  }

  #service(group: HostGroup, secret: aws.secretsmanager.Secret, configured: aws.lambda.Invocation): void {
    const { place } = this.#args;
    const { certificates, context } = place;
    new TraceService(
      this.#name,
      {
        purpose,
        place,
        securityGroupId: group.id,
        containers: {
          [purpose]: {
            image: mirroredImage(context, "collector", place.images.collector),
            command: ["--config=env:COLLECTOR_CONFIG"],
            port: collectorPort,
            // The configuration names what is in capitals here.
            environment: { GOMEMLIMIT: "700MiB", LANGFUSE_URL: this.#args.langfuse.url },
            secrets: {
              COLLECTOR_CONFIG: after(secret.arn, [configured]),
              AUTHORITY: certificates.authoritySecret,
              TLS_CERTIFICATE: certificates.field("collector", "certificate"),
              TLS_KEY: certificates.field("collector", "privateKey"),
            },
          },
        },
        cpu: 512,
        memoryMiB: 1024,
        tasks: 2,
        secretNames: [
          context.names.secret(configPurpose),
          authoritySecret(context),
          certificateSecret(context, "collector"),
        ],
        // It calls nothing of AWS: spans go to Langfuse, logs through ECS.
        statements: [],
        startsAfter: group.rules,
      },
      { parent: this },
    );
  }
}
