import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ValkeyCache, valkeyPort } from "../../cache";
import { PostgresCluster, postgresPort } from "../../database";
import { useKey, type StackContext } from "../../kit";
import { allow, type Statement } from "../../policy-document";
import { PrivateBucket } from "../../storage";
import { langfusePort } from "../functions";
import { HostGroup } from "../host-group";
import type { TraceContainer } from "../trace-container";
import { mirroredImage, traceHost, type TracePlace } from "../trace-place";
import { traceName, TraceService } from "../trace-service";
import { ClickHouse } from "./click-house";
import { clickHousePorts, planClickHouseUrls, reachExternal } from "./click-house-place";
import { langfuseSecrets, secretName, taskSecretNames, type LangfuseSecrets } from "./secrets";
import { langfuseDatabase, planEnvironment } from "./settings";

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
    this.#clickHouse(secrets);
    this.#services(this.#settings(secrets, stores));

    this.url = `http://${traceHost(context, "langfuse")}:${String(langfusePort)}`;
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
        capacity: { min: 0.5, max: 4 },
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
  #clickHouse({ clickHouse: password }: LangfuseSecrets): void {
    const { place, clickHouseUrl } = this.#args;
    if (clickHouseUrl !== undefined) {
      this.group.reach(reachExternal(clickHouseUrl, place.network.cidr));
      return;
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
      "clickhouse-http": { securityGroupId, port: clickHousePorts.http },
      "clickhouse-native": { securityGroupId, port: clickHousePorts.native },
    });
    const service = traceName(`${this.#name}-clickhouse-name`, "clickhouse", place, { parent: this });
    new aws.servicediscovery.Instance(
      `${this.#name}-clickhouse-address`,
      { serviceId: service.id, instanceId: "clickhouse", attributes: { AWS_INSTANCE_IPV4: store.privateIp } },
      { parent: this },
    );
  }

  #settings(secrets: LangfuseSecrets, { database, cache, bucket }: Stores): ServiceSettings {
    const { place, clickHouseUrl } = this.#args;
    const { context, keys } = place;
    return {
      environment: planEnvironment({
        region: context.region,
        bucket: bucket.bucketName,
        bucketKeyArn: keys.data,
        databaseHost: pulumi.all([database.host, database.ready]).apply(([address]) => address),
        cacheHost: cache.host,
        ...planClickHouseUrls(context, clickHouseUrl),
      }),
      secrets: {
        CLICKHOUSE_PASSWORD: secrets.clickHouse.valueFrom,
        DATABASE_PASSWORD: pulumi.interpolate`${secrets.owner.valueFrom}:password::`,
        ENCRYPTION_KEY: secrets.encryption.valueFrom,
        NEXTAUTH_SECRET: secrets.session.valueFrom,
        REDIS_AUTH: cache.passwordSecretArn,
        SALT: secrets.salt.valueFrom,
      },
    };
  }

  #services(settings: ServiceSettings): void {
    const { artifacts, images } = this.#args.place;
    const web = `http://127.0.0.1:${String(langfusePort)}/api/public/health`;
    const worker = `http://127.0.0.1:${String(workerPort)}/api/health`;
    this.#service("web", "langfuse", {
      ...settings,
      image: mirroredImage(artifacts, "langfuse", images.langfuse),
      port: langfusePort,
      healthCheck: `wget -q -O /dev/null ${web} || exit 1`,
      writable: ["/tmp", "/app/web/.next/cache"],
    });
    this.#service("worker", "langfuse-worker", {
      ...settings,
      image: mirroredImage(artifacts, "langfuse-worker", images.langfuseWorker),
      port: workerPort,
      healthCheck: `wget -q -O /dev/null ${worker} || exit 1`,
      writable: ["/tmp"],
    });
  }

  #service(noun: string, purpose: string, container: TraceContainer): void {
    const { place } = this.#args;
    new TraceService(
      `${this.#name}-${noun}`,
      {
        purpose,
        place,
        securityGroupId: this.group.id,
        container,
        cpu: 2048,
        memoryMiB: 4096,
        tasks: 1,
        secretNames: taskSecretNames(place.context),
        statements: planBucketStatements(place.context),
      },
      { parent: this },
    );
  }
}
