import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ValkeyCache, valkeyPort } from "../../cache";
import { databaseRoot, PostgresCluster, postgresPort } from "../../database";
import { accountTrust, after, boundedRole, useKey, type StackContext } from "../../kit";
import { allow, type Statement } from "../../policy-document";
import { connectionsSecret, secretKey } from "../../secret";
import { PrivateBucket } from "../../storage";
import { authoritySecret, certificateSecret, initExecutionPurpose, langfusePort } from "../functions";
import { HostGroup } from "../host-group";
import { planStartStatements, type TraceContainer } from "../trace-container";
import { mirroredImage, traceHost, type TracePlace } from "../trace-place";
import { traceName, TraceService } from "../trace-service";
import { ClickHouse } from "./click-house";
import { clickHousePorts, planClickHousePlace, reachExternal } from "./click-house-place";
import { initSecretNames, langfuseSecrets, secretName, taskSecretNames, type LangfuseSecrets } from "./secrets";
import { connectionKeys, langfuseDatabase, planEnvironment, type Connections } from "./settings";
import { planProxy, planTrust, trusting, webPort } from "./tls";

/** Port of the worker's health endpoint. */
const workerPort = 3030;

/** Arguments of {@link Langfuse}. */
export interface LangfuseArgs {
  readonly place: TracePlace;
  /** HTTPS URL of an external ClickHouse inside the network; absent: a host of its own. */
  readonly clickHouseUrl?: string;
}

/** The stores that the services are told of. */
interface Stores {
  readonly database: PostgresCluster;
  readonly cache: ValkeyCache;
  readonly bucket: PrivateBucket;
}

/** What both services share. */
type ServiceSettings = Pick<TraceContainer, "environment" | "secrets">;

/** What Langfuse's tasks may do: read and write traces in their bucket. */
function planBucketStatements(context: StackContext): readonly Statement[] {
  const bucket = context.arns.bucket(context.names.bucket("langfuse"));
  return [
    allow("KeepTraces", {
      Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: `${bucket}/*`,
    }),
    allow("ListTraces", { Action: "s3:ListBucket", Resource: bucket }),
    useKey(context, { purpose: "data", via: "s3" }),
  ];
}

/**
 * Langfuse 4: web and worker on Fargate, PostgreSQL, Valkey, S3 and ClickHouse. Nothing outside reaches it; leads come through the access node.
 *
 * Cost: two tasks of 2 vCPU and 4 GiB, about $140 a month in Tokyo, beside its stores.
 */
export class Langfuse extends pulumi.ComponentResource {
  readonly group: HostGroup;
  /** Base URL inside the network. */
  readonly url: string;
  /** Task definition family of the web service. */
  readonly family: string;
  /** ARN of the role that ECS starts one-off tasks with, after its policy. */
  readonly initExecutionRoleArn: pulumi.Output<string>;
  /** Web and worker. */
  readonly services: readonly pulumi.Resource[];
  readonly #name: string;
  readonly #args: LangfuseArgs;

  constructor(name: string, args: LangfuseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:Langfuse", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const { context, network, keys } = args.place;

    this.group = new HostGroup(`${name}-tasks`, { context, purpose: "langfuse", network }, { parent: this });
    const secrets = langfuseSecrets(name, { context, keys }, { parent: this });
    const stores = { database: this.#database(secrets), cache: this.#cache(), bucket: this.#bucket() };
    const clickHouse = this.#clickHouse(secrets);
    this.services = this.#services(this.#settings(secrets, stores), [...clickHouse, ...this.group.rules]);

    this.initExecutionRoleArn = this.#initExecution();
    this.url = `https://${traceHost(context, "langfuse")}:${String(langfusePort)}`;
    this.family = context.names.taskFamily("langfuse");
    this.registerOutputs({ url: this.url });
  }

  #database({ owner }: LangfuseSecrets): PostgresCluster {
    const { context, network, keys, access, alarmTopicArn } = this.#args.place;
    const database = new PostgresCluster(
      `${this.#name}-database`,
      {
        context,
        purpose: "langfuse-database",
        network,
        keys,
        access,
        database: langfuseDatabase,
        owner: langfuseDatabase,
        ownerSecret: { arn: owner.valueFrom, name: secretName(context, "database-owner") },
        clients: { langfuse: this.group.id },
        maxCapacity: 4,
        alarmTopicArn,
      },
      { parent: this },
    );
    this.group.reach({ database: { securityGroupId: database.securityGroupId, port: postgresPort } });
    return database;
  }

  #cache(): ValkeyCache {
    const { context, network, keys, alarmTopicArn } = this.#args.place;
    const cache = new ValkeyCache(
      `${this.#name}-cache`,
      {
        context,
        purpose: "langfuse-cache",
        network,
        keys,
        clients: { langfuse: this.group.id },
        // Langfuse keeps its queues in it: what is dropped is lost.
        evictionPolicy: "noeviction",
        alarmTopicArn,
      },
      { parent: this },
    );
    this.group.reach({ cache: { securityGroupId: cache.securityGroupId, port: valkeyPort } });
    return cache;
  }

  #bucket(): PrivateBucket {
    const { context, keys } = this.#args.place;
    return new PrivateBucket(
      `${this.#name}-bucket`,
      { context, purpose: "langfuse", key: keys.data, retentionDays: context.retentionDays["langfuse-traces"] },
      { parent: this },
    );
  }

  /** ClickHouse on a host of its own with a DNS name, or the way to the external one. */
  #clickHouse({ clickHouse: password }: LangfuseSecrets): pulumi.Resource[] {
    const { place, clickHouseUrl } = this.#args;
    if (clickHouseUrl !== undefined) {
      this.group.reach(reachExternal(clickHouseUrl, place.network.cidr));
      return [];
    }
    const store = new ClickHouse(
      `${this.#name}-clickhouse`,
      {
        place,
        passwordSecretName: secretName(place.context, "clickhouse"),
        clients: { langfuse: this.group.id },
      },
      { parent: this, dependsOn: password },
    );
    const { securityGroupId } = store;
    this.group.reach({
      "clickhouse-http": { securityGroupId, port: clickHousePorts.https },
      "clickhouse-native": { securityGroupId, port: clickHousePorts.native },
    });
    const service = traceName(`${this.#name}-clickhouse-name`, "clickhouse", place, { parent: this });
    const address = new aws.servicediscovery.Instance(
      `${this.#name}-clickhouse-address`,
      { serviceId: service.id, instanceId: "clickhouse", attributes: { AWS_INSTANCE_IPV4: store.privateIp } },
      { parent: this },
    );
    return [store, address];
  }

  #settings(secrets: LangfuseSecrets, { database, cache, bucket }: Stores): ServiceSettings {
    const { place, clickHouseUrl } = this.#args;
    const { context, keys } = place;
    const values: Connections<pulumi.Input<string>> = {
      BUCKET: bucket.bucketName,
      BUCKET_KEY: keys.data,
      DATABASE_HOST: database.host,
      REDIS_HOST: cache.host,
    };
    const connections = connectionsSecret(
      `${this.#name}-connections`,
      {
        context,
        purpose: "langfuse-connections",
        description: "Hosts and bucket of what Langfuse's tasks connect to",
        keys,
        values,
      },
      { parent: this },
    );
    return {
      environment: planEnvironment({
        region: context.region,
        clickHouseUrl: planClickHousePlace(context, clickHouseUrl).url,
      }),
      secrets: {
        ...Object.fromEntries(
          Object.entries(connectionKeys).map(([variable, key]) => [variable, secretKey(connections.secretArn, key)]),
        ),
        CLICKHOUSE_PASSWORD: secrets.clickHouse.valueFrom,
        DATABASE_PASSWORD: secretKey(secrets.owner.valueFrom, "password"),
        ENCRYPTION_KEY: secrets.encryption.valueFrom,
        NEXTAUTH_SECRET: secrets.session.valueFrom,
        REDIS_AUTH: cache.passwordSecretArn,
        SALT: secrets.salt.valueFrom,
      },
    };
  }

  #services(settings: ServiceSettings, startsAfter: readonly pulumi.Resource[]): TraceService[] {
    const { images, context, certificates } = this.#args.place;
    const image = mirroredImage(context, "langfuse", images.langfuse);
    const web = `http://127.0.0.1:${String(webPort)}/api/public/health`;
    const main = {
      ...settings,
      ...trusting,
      image,
      healthCheck: `wget -q -O /dev/null ${web} || exit 1`,
      writable: ["/tmp", "/app/web/.next/cache"],
    };
    const { native } = planClickHousePlace(context, this.#args.clickHouseUrl);
    const proxy = planProxy({
      image: mirroredImage(context, "proxy", images.proxy),
      port: langfusePort,
      clickHouse: native,
      secrets: { authority: certificates.authoritySecret, bundle: certificates.field("langfuse", "bundle") },
    });
    // The proxy first: the web server migrates ClickHouse through it when it starts.
    const order = { ...trusting.after, proxy: "START" } as const;
    const ownSecret = certificateSecret(context, "langfuse");
    const containers = { trust: this.#trust(image), proxy, langfuse: { ...main, after: order } };
    return [
      this.#service("web", "langfuse", startsAfter, containers, [ownSecret]),
      this.#worker(settings, startsAfter),
    ];
  }

  #worker(settings: ServiceSettings, startsAfter: readonly pulumi.Resource[]): TraceService {
    const { images, context } = this.#args.place;
    const image = mirroredImage(context, "langfuse-worker", images.langfuseWorker);
    const health = `http://127.0.0.1:${String(workerPort)}/api/health`;
    const main = {
      ...settings,
      ...trusting,
      image,
      healthCheck: `wget -q -O /dev/null ${health} || exit 1`,
      writable: ["/tmp"],
    };
    const containers = { trust: this.#trust(image), "langfuse-worker": main };
    return this.#service("worker", "langfuse-worker", startsAfter, containers);
  }

  #trust(image: pulumi.Input<string>): TraceContainer {
    const { context, certificates } = this.#args.place;
    return planTrust({
      image,
      authoritySecret: certificates.authoritySecret,
      databaseRoot: databaseRoot(context.region),
    });
  }

  /** What ECS may do to start the one-off task that makes a department's project. */
  #initExecution(): pulumi.Output<string> {
    const { context, access } = this.#args.place;
    const { role, policies } = boundedRole(
      `${this.#name}-init-execution-role`,
      {
        roleName: context.names.role(initExecutionPurpose),
        description: "What ECS does to start the task that makes a department's project",
        trust: accountTrust(context, "ecs-tasks.amazonaws.com", context.arns.regional("ecs", "*")),
        boundaryArn: access.workloadBoundaryArn,
        statements: planStartStatements(context, context.names.logGroup("langfuse"), [
          ...initSecretNames(context),
          authoritySecret(context),
          certificateSecret(context, "langfuse"),
        ]),
        tags: context.tags({ Purpose: "langfuse" }),
      },
      { parent: this },
    );
    return after(role.arn, policies);
  }

  #service(
    noun: string,
    purpose: string,
    startsAfter: readonly pulumi.Resource[],
    containers: Readonly<Record<string, TraceContainer>>,
    ownSecrets: readonly string[] = [],
  ): TraceService {
    const { place } = this.#args;
    return new TraceService(
      `${this.#name}-${noun}`,
      {
        purpose,
        place,
        securityGroupId: this.group.id,
        containers,
        cpu: 2048,
        memoryMiB: 4096,
        tasks: 1,
        secretNames: [...taskSecretNames(place.context), authoritySecret(place.context), ...ownSecrets],
        statements: planBucketStatements(place.context),
        startsAfter,
      },
      { parent: this },
    );
  }
}
