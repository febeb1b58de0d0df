import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stateKeys, type GatewaySpec, type PlatformState } from "../../config";
import type { AccessFacts, ArtifactFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "../facts";
import type { GatewayFunctionsArgs, GatewayReach } from "../gateway-reach";
import { after, waitFor } from "../kit";
import { GeneratedSecret } from "../secret";
import { PrivateBucket } from "../storage";
import { Batch } from "./batch";
import { GatewayCertificate } from "./certificate";
import { configurationHash, planConfiguration, sha256, type Configuration } from "./configuration";
import { configPrefix } from "./containers";
import { GatewayEndpointService } from "./endpoint-service";
import { canaryPurpose } from "./functions";
import { gatewayAlarms } from "./gateway-alarms";
import { GatewayService } from "./gateway-service";
import { KeyFunctions } from "./key-functions";
import type { ConfigurationPlan } from "./litellm-config";
import { GatewayLoadBalancer } from "./load-balancer";
import { gatewayBucketPurpose, secretPurposes, type TaskPolicyPlan } from "./task-policies";
import { taskConnections, taskSurroundings } from "./task-surroundings";

/** Arguments of {@link GatewayCluster}. */
export interface GatewayClusterArgs extends TaskPolicyPlan, Pick<ConfigurationPlan, "bedrockQuotas"> {
  /** Floor and ceiling of tasks, and the queue of requests over the quota. */
  readonly gateway: GatewaySpec;
  /** DNS name of the gateway inside its network. */
  readonly host: string;
  /** True where `host` stands under a public domain, for a certificate of ACM; default a private certificate. */
  readonly publicCertificate?: boolean;
  /** Digest of the mirrored LiteLLM image, `sha256:…`. */
  readonly imageDigest: string;
  /** Caps and budget that the reconciler brings LiteLLM to. */
  readonly declared: PlatformState;
  /** True while a department with a network of its own uses the gateway: it then has an endpoint service. Default false. */
  readonly endpointService?: boolean;
  readonly network: NetworkFacts;
  /** Range of a zone that was added to the network. */
  readonly addedCidr?: string;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: Pick<ArtifactFacts, "bucket">;
  readonly observability: ObservabilityFacts;
}

/** What the facts are made of. */
interface Parts {
  readonly loadBalancer: GatewayLoadBalancer;
  readonly certificate: GatewayCertificate;
  readonly bucket: PrivateBucket;
  readonly service: GatewayService;
  readonly functions: KeyFunctions;
  readonly batch: Batch;
  readonly keysRefused: aws.cloudwatch.MetricAlarm;
}

/**
 * The gateway: LiteLLM behind an internal load balancer with TLS, its database and cache, and the functions that hold its master key. Only
 * its task role may invoke models, and only through departments' tagged inference profiles.
 *
 * Cost: about $420 a month in Tokyo with two idle tasks (tasks 146, database 110, cache 62, load balancer 20, functions, alarms, secrets), and what {@link Batch} costs.
 */
export class GatewayCluster extends pulumi.ComponentResource {
  readonly facts: GatewayFacts;
  /** For functions of this stack that call the running gateway. */
  readonly reach: GatewayReach;
  readonly #name: string;
  readonly #args: GatewayClusterArgs;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: GatewayClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayCluster", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#tags = args.context.tags({ Purpose: "gateway" });
    const { context, gateway, models, bedrockQuotas, keys } = args;
    const configuration = planConfiguration({ context, models, bedrockQuotas, ...gateway });

    const { taskGroupId, stores, rules } = taskSurroundings(name, args, { parent: this });
    const bucket = new PrivateBucket(
      `${name}-bucket`,
      { context, purpose: gatewayBucketPurpose, key: keys.data },
      { parent: this },
    );
    const files = this.#configuration(bucket, configuration);
    const { masterKey, salt, canaryKey } = this.#secrets();
    const connections = taskConnections(name, args, stores, { parent: this });
    const certificate = new GatewayCertificate(`${name}-certificate`, args, { parent: this });
    const loadBalancer = new GatewayLoadBalancer(
      `${name}-load-balancer`,
      { ...args, certificateArn: certificate.arn, taskGroupId },
      { parent: this },
    );
    const secrets = {
      masterKey: masterKey.valueFrom,
      salt: salt.valueFrom,
      connections: connections.secretArn,
    };
    const startsAfter = [stores.database, masterKey, salt, connections, ...rules, ...files, ...waitFor(keys)];
    const service = new GatewayService(
      `${name}-litellm`,
      { ...args, configuration, secrets, taskGroupId, loadBalancer, startsAfter },
      { parent: this },
    );
    const keysRefused = this.#alarms(service, loadBalancer);
    // Functions call a gateway that runs: the canary alarms otherwise.
    const host = after(args.host, [service.service, loadBalancer.record, masterKey, canaryKey]);
    const { batch, functions } = this.#functions(host, { loadBalancer, certificate, bucket });
    const reconciled = this.#declare({ bucket, functions, canaryKey, service });
    const endpointService = args.endpointService ? this.#endpointService(loadBalancer) : undefined;

    const parts = { loadBalancer, certificate, bucket, service, functions, batch, keysRefused };
    this.facts = this.#facts(parts, reconciled, endpointService);
    this.reach = { ...this.facts, managementGroupId: loadBalancer.managementGroupId };
    this.registerOutputs({ ...this.facts });
  }

  /** The files of a task's configuration, below the hash of their content: a task definition names files that never change. */
  #configuration(bucket: PrivateBucket, configuration: Configuration): aws.s3.BucketObject[] {
    const hash = configurationHash(configuration).slice(0, 12);
    return Object.entries(configuration).map(
      ([file, content]) =>
        new aws.s3.BucketObject(
          // By hash: a change makes new objects, and the running tasks' old ones stay until the service has rolled.
          `${this.#name}-${hash}-${file}`,
          {
            bucket: bucket.bucketName,
            key: `${configPrefix(configuration)}/${file}`,
            content,
            kmsKeyId: this.#args.keys.data,
            tags: this.#tags,
          },
          { parent: this },
        ),
    );
  }

  #secrets(): Readonly<Record<"masterKey" | "salt" | "canaryKey", GeneratedSecret>> {
    const { context, keys } = this.#args;
    const secret = (noun: string, purpose: string, description: string, more: { prefix?: string; forLife?: true }) =>
      new GeneratedSecret(`${this.#name}-${noun}`, { context, purpose, description, keys, ...more }, { parent: this });
    return {
      masterKey: secret("master-key", secretPurposes.masterKey, "LiteLLM's master key: functions only", {
        prefix: "sk-",
      }),
      salt: secret("salt", secretPurposes.salt, "Encrypts what LiteLLM stores: never changes", { forLife: true }),
      canaryKey: secret("canary-key", canaryPurpose, "Virtual key of the gateway's canary", { prefix: "sk-" }),
    };
  }

  #alarms(service: GatewayService, loadBalancer: GatewayLoadBalancer): aws.cloudwatch.MetricAlarm {
    const { context, gateway, observability } = this.#args;
    const { clusterName, serviceName, logGroupName } = service;
    return gatewayAlarms(
      this.#name,
      {
        context,
        gateway,
        clusterName,
        serviceName,
        logGroupName,
        loadBalancer,
        topicArn: observability.alarmTopicArn,
      },
      { parent: this },
    );
  }

  /** The functions that call the gateway: those that hold its master key, and the batches. */
  #functions(
    host: pulumi.Output<string>,
    { loadBalancer, certificate, bucket }: Pick<Parts, "loadBalancer" | "certificate" | "bucket">,
  ) {
    const { context, models, network, keys, access, observability } = this.#args;
    const args: GatewayFunctionsArgs = {
      context,
      network,
      keys,
      access,
      observability,
      gateway: {
        host,
        loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
        managementGroupId: loadBalancer.managementGroupId,
        caCertificate: certificate.caCertificate,
        stateBucket: bucket.bucketName,
      },
    };
    const batch = new Batch(`${this.#name}-batch`, { ...args, models }, { parent: this });
    return { batch, functions: new KeyFunctions(`${this.#name}-keys`, args, { parent: this }) };
  }

  /** Hands the platform's caps to the reconciler and lets it make the canary's key, once the gateway runs. */
  #declare({
    bucket,
    functions,
    canaryKey,
    service,
  }: Pick<Parts, "bucket" | "functions" | "service"> & {
    readonly canaryKey: GeneratedSecret;
  }): aws.lambda.Invocation {
    const { context, declared, keys } = this.#args;
    const content = JSON.stringify(declared);
    const state = new aws.s3.BucketObject(
      `${this.#name}-declared-state`,
      {
        bucket: bucket.bucketName,
        key: stateKeys.platform,
        content,
        contentType: "application/json",
        kmsKeyId: keys.data,
        tags: context.tags({ Purpose: "declared-state" }),
      },
      { parent: this },
    );
    return new aws.lambda.Invocation(
      `${this.#name}-reconciled`,
      {
        functionName: functions.reconciler.functionName,
        input: JSON.stringify({ sha256: sha256(content) }),
        triggers: { state: sha256(content) },
      },
      { parent: this, dependsOn: [state, functions, canaryKey, service] },
    );
  }

  #endpointService(loadBalancer: GatewayLoadBalancer): GatewayEndpointService {
    const { context, network } = this.#args;
    return new GatewayEndpointService(
      `${this.#name}-endpoint-service`,
      {
        context,
        network,
        loadBalancerArn: loadBalancer.arn,
        loadBalancerGroupId: loadBalancer.securityGroupId,
      },
      { parent: this },
    );
  }

  #facts(parts: Parts, reconciled: aws.lambda.Invocation, endpointService?: GatewayEndpointService): GatewayFacts {
    const { host } = this.#args;
    const { loadBalancer, certificate, bucket, service, functions, batch, keysRefused } = parts;
    // Departments use these facts on a gateway that answers, and workspaces send batches.
    const running = <T>(value: pulumi.Input<T>) =>
      after(value, [loadBalancer.record, service.service, reconciled, batch.bucket]);
    return {
      url: running(`https://${host}/v1`),
      host: running(host),
      loadBalancerSecurityGroupId: loadBalancer.securityGroupId,
      taskRoleArn: service.taskRoleArn,
      rotationFunctionArn: running(functions.rotation.arn),
      reconcilerFunctionArn: running(functions.reconciler.arn),
      keyAdminFunctionName: running(functions.keyAdmin.functionName),
      stateBucket: bucket.bucketName,
      caCertificate: certificate.caCertificate,
      keysRefusedAlarmArn: keysRefused.arn,
      endpointServiceName: endpointService?.serviceName ?? pulumi.output<string | undefined>(undefined),
    };
  }
}
