import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gatewayHost, names, platformState, stateKeys, tags, type GatewaySpec, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import { ValkeyCache, valkeyPort } from "../cache";
import { PostgresCluster, postgresPort } from "../database";
import type { AccessFacts, ArtifactFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import type { GatewayFunctionsArgs } from "../gateway-reach";
import { GeneratedSecret } from "../secret";
import { PrivateBucket } from "../storage";
import { Batch } from "./batch";
import { GatewayCertificate } from "./certificate";
import { configurationHash, planConfiguration, sha256, type Configuration } from "./configuration";
import { configPrefix, type Connections } from "./containers";
import { GatewayEndpointService } from "./endpoint-service";
import { gatewayAlarms } from "./gateway-alarms";
import { databaseName, GatewayService } from "./gateway-service";
import { canaryPurpose } from "./functions";
import { KeyFunctions } from "./key-functions";
import { GatewayLoadBalancer } from "./load-balancer";
import { databaseUser, gatewayBucketPurpose, secretPurposes } from "./task-policies";

/** Arguments of {@link GatewayCluster}. */
export interface GatewayClusterArgs {
  readonly spec: StackSpec;
  /** Floor and ceiling of tasks. */
  readonly gateway: GatewaySpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  readonly observability: ObservabilityFacts;
}

/**
 * The gateway: LiteLLM behind an internal load balancer with TLS, its database and cache, and the functions that hold its master key. Only
 * its task role may invoke models, and only through departments' tagged inference profiles.
 *
 * Cost: about $420 a month in Tokyo with two idle tasks (tasks 146, database 110, cache 62, load balancer 20, functions, alarms, secrets), and what {@link Batch} costs.
 */
export class GatewayCluster extends pulumi.ComponentResource {
  readonly facts: GatewayFacts;

  constructor(name: string, args: GatewayClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayCluster", name, {}, opts);
    const { spec, gateway, network, keys, access, observability } = args;
    const child = { parent: this };
    const host = gatewayHost(spec.stack, spec.platform);
    const alarmTopicArn = observability.alarmTopicArn;
    const configuration = planConfiguration(spec);

    const taskGroup = new aws.ec2.SecurityGroup(
      `${name}-tasks`,
      {
        description: "Gateway tasks",
        vpcId: network.vpcId,
        revokeRulesOnDelete: true,
        tags: tags(spec, { Purpose: "gateway" }),
      },
      child,
    );
    const clients = { gateway: taskGroup.id };
    const database = new PostgresCluster(
      `${name}-database`,
      {
        context: contextOf(spec),
        purpose: "gateway-database",
        network,
        keys,
        access,
        database: databaseName,
        owner: databaseUser(spec),
        clients,
        alarmTopicArn,
      },
      child,
    );
    const cache = new ValkeyCache(
      `${name}-cache`,
      {
        context: contextOf(spec),
        purpose: "gateway-cache",
        network,
        keys,
        clients,
        evictionPolicy: "volatile-lru",
        alarmTopicArn,
      },
      child,
    );
    this.#openTasks(name, args, taskGroup, { database, cache });

    const bucket = new PrivateBucket(
      `${name}-bucket`,
      { context: contextOf(spec), purpose: gatewayBucketPurpose, key: keys.data },
      child,
    );
    const files = this.#configuration(name, args, bucket, configuration);
    const secret = (noun: string, purpose: string, description: string, prefix = "") =>
      new GeneratedSecret(`${name}-${noun}`, { context: contextOf(spec), purpose, description, keys, prefix }, child);
    const masterKey = secret("master-key", secretPurposes.masterKey, "LiteLLM's master key: functions only", "sk-");
    const salt = secret("salt", secretPurposes.salt, "Encrypts what LiteLLM stores: never changes");
    const canaryKey = secret("canary-key", canaryPurpose, "Virtual key of the gateway's canary", "sk-");
    const connections = this.#connections(name, args, { database, cache });

    const certificate = new GatewayCertificate(
      `${name}-certificate`,
      { spec, host, keys, access, observability },
      child,
    );
    const loadBalancer = new GatewayLoadBalancer(
      `${name}-load-balancer`,
      { spec, host, network, observability, certificateArn: certificate.arn, taskGroupId: taskGroup.id },
      child,
    );
    const service = new GatewayService(
      `${name}-litellm`,
      {
        spec,
        gateway,
        network,
        keys,
        access,
        observability,
        configuration,
        taskGroupId: taskGroup.id,
        loadBalancer,
        startsAfter: [database, masterKey, salt, connections, ...files],
      },
      child,
    );
    gatewayAlarms(
      name,
      {
        spec,
        gateway,
        clusterName: service.clusterName,
        serviceName: service.serviceName,
        logGroupName: service.logGroupName,
        loadBalancer,
        topicArn: alarmTopicArn,
      },
      child,
    );
    const beside: GatewayFunctionsArgs = {
      spec,
      network,
      keys,
      access,
      observability,
      gateway: {
        host,
        loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
        caCertificate: certificate.caCertificate,
        stateBucket: bucket.bucketName,
      },
    };
    const functions = new KeyFunctions(`${name}-keys`, beside, child);
    new Batch(`${name}-batch`, beside, child);
    const reconciled = this.#declare(name, args, { bucket, functions, canaryKey, service });
    const endpointService =
      spec.gatewayClients.length === 0
        ? undefined
        : new GatewayEndpointService(
            `${name}-endpoint-service`,
            {
              spec,
              network,
              loadBalancerArn: loadBalancer.arn,
              loadBalancerGroupId: loadBalancer.securityGroupId,
              listenerArn: loadBalancer.listenerArn,
            },
            child,
          );

    // What departments do with these facts needs a gateway that answers.
    const running = <T>(value: pulumi.Input<T>) =>
      pulumi.all([pulumi.output(value), service.ready, reconciled.id]).apply(([known]) => known) as pulumi.Output<T>;
    this.facts = {
      url: pulumi.output(`https://${host}/v1`),
      host: pulumi.output(host),
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      taskRoleArn: service.taskRoleArn,
      rotationFunctionArn: running(functions.rotation.arn),
      reconcilerFunctionArn: running(functions.reconciler.arn),
      keyAdminFunctionName: running(functions.keyAdmin.functionName),
      stateBucket: bucket.bucketName,
      caCertificate: certificate.caCertificate,
      endpointServiceName: endpointService?.serviceName ?? pulumi.output<string | undefined>(undefined),
    };
    this.registerOutputs({ ...this.facts });
  }

  /** What the tasks may reach: the endpoints, S3, their database and cache, and the collector. */
  #openTasks(
    name: string,
    { spec, network, observability }: GatewayClusterArgs,
    group: aws.ec2.SecurityGroup,
    { database, cache }: { readonly database: PostgresCluster; readonly cache: ValkeyCache },
  ): void {
    const tagged = { tags: tags(spec, { Purpose: "gateway" }) };
    const collectorPort = 4318;
    const egress = (noun: string, port: number, target: Partial<aws.vpc.SecurityGroupEgressRuleArgs>) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${noun}`,
        {
          securityGroupId: group.id,
          description: `Gateway to ${noun}`,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          ...target,
          ...tagged,
        },
        { parent: this },
      );
    egress("endpoints", 443, { referencedSecurityGroupId: network.endpointSecurityGroupId });
    egress("s3", 443, { prefixListId: network.s3PrefixListId });
    egress("database", postgresPort, { referencedSecurityGroupId: database.securityGroupId });
    egress("cache", valkeyPort, { referencedSecurityGroupId: cache.securityGroupId });
    egress("collector", collectorPort, { referencedSecurityGroupId: observability.collectorSecurityGroupId });
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-into-collector`,
      {
        securityGroupId: observability.collectorSecurityGroupId,
        description: "Usage from the gateway",
        referencedSecurityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: collectorPort,
        toPort: collectorPort,
        ...tagged,
      },
      { parent: this },
    );
  }

  /** The files of a task's configuration, below the hash of their content: a task definition names files that never change. */
  #configuration(
    name: string,
    { spec, keys }: GatewayClusterArgs,
    bucket: PrivateBucket,
    configuration: Configuration,
  ): aws.s3.BucketObject[] {
    const hash = configurationHash(configuration).slice(0, 12);
    return Object.entries(configuration).map(
      ([file, content]) =>
        new aws.s3.BucketObject(
          // By hash, so that a change makes new objects and the running tasks' old ones stay until the service has rolled.
          `${name}-${hash}-${file}`,
          {
            bucket: bucket.bucketName,
            key: `${configPrefix(configuration)}/${file}`,
            content,
            kmsKeyId: keys.data,
            tags: tags(spec, { Purpose: "gateway" }),
          },
          { parent: this },
        ),
    );
  }

  /** Where the tasks find what AWS named: one secret, so that the task definition itself is known in a preview. */
  #connections(
    name: string,
    { spec, keys, artifacts, observability }: GatewayClusterArgs,
    { database, cache }: { readonly database: PostgresCluster; readonly cache: ValkeyCache },
  ): aws.secretsmanager.SecretVersion {
    const child = { parent: this };
    const secret = new aws.secretsmanager.Secret(
      `${name}-connections`,
      {
        name: names(spec.platform.organization).secret(spec.stack, secretPurposes.connections),
        description: "Hosts and password of what the gateway's tasks connect to",
        kmsKeyId: keys.secrets,
        recoveryWindowInDays: 0,
        tags: tags(spec, { Purpose: "gateway" }),
      },
      child,
    );
    const connections: Connections<pulumi.Input<string>> = {
      DATABASE_HOST: pulumi.all([database.host, database.ready]).apply(([databaseHost]) => databaseHost),
      REDIS_HOST: cache.host,
      REDIS_PASSWORD: cache.password,
      OTEL_ENDPOINT: observability.collectorEndpoint,
      ARTIFACT_BUCKET: artifacts.bucket,
    };
    return new aws.secretsmanager.SecretVersion(
      `${name}-connections-value`,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(connections)) },
      child,
    );
  }

  /** Hands the platform's caps to the reconciler and lets it make the canary's key, once the gateway runs. */
  #declare(
    name: string,
    { spec, keys }: GatewayClusterArgs,
    made: {
      readonly bucket: PrivateBucket;
      readonly functions: KeyFunctions;
      readonly canaryKey: GeneratedSecret;
      readonly service: GatewayService;
    },
  ): aws.lambda.Invocation {
    const child = { parent: this };
    const content = JSON.stringify(platformState(spec));
    const state = new aws.s3.BucketObject(
      `${name}-declared-state`,
      {
        bucket: made.bucket.bucketName,
        key: stateKeys.platform,
        content,
        contentType: "application/json",
        kmsKeyId: keys.data,
        tags: tags(spec, { Purpose: "declared-state" }),
      },
      child,
    );
    return new aws.lambda.Invocation(
      `${name}-reconciled`,
      {
        functionName: made.functions.reconciler.functionName,
        input: JSON.stringify({ sha256: sha256(content) }),
        triggers: { state: sha256(content) },
      },
      { ...child, dependsOn: [state, made.functions, made.canaryKey, made.service] },
    );
  }
}
