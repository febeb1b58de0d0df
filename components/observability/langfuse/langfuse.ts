import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, tracesZone, type ObservabilitySpec, type StackSpec } from "../../../config";
import { contextOf } from "../../context-of";
import { ValkeyCache, valkeyPort } from "../../cache";
import { PostgresCluster, postgresPort } from "../../database";
import type { AccessFacts, ArtifactFacts, KeyFacts, NetworkFacts } from "../../facts";
import { useKey } from "../../kit";
import { allow, type Statement } from "../../policy-document";
import { GeneratedSecret } from "../../secret";
import { PrivateBucket } from "../../storage";
import { langfusePort } from "../functions";
import { HostGroup } from "../host-group";
import { TraceService } from "../trace-service";
import { ClickHouse, clickHousePorts } from "./click-house";
import { langfuseDatabase, planEnvironment } from "./settings";

/** Arguments of {@link Langfuse}. */
export interface LangfuseArgs {
  readonly spec: StackSpec;
  readonly observability: ObservabilitySpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly artifacts: ArtifactFacts;
  readonly alarmTopicArn: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly namespaceId: pulumi.Input<string>;
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

  constructor(name: string, args: LangfuseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:observability:Langfuse", name, {}, opts);
    const { spec, observability, network, keys, access, artifacts, alarmTopicArn } = args;
    const known = names(spec.platform.organization);
    const zone = tracesZone(spec.stack, spec.platform.organization);
    const child = { parent: this };

    const group = new HostGroup(`${name}-tasks`, { spec, purpose: "langfuse", network }, child);
    const secret = (purpose: string, description: string, format?: (value: string) => string) =>
      new GeneratedSecret(
        `${name}-${purpose}`,
        { context: contextOf(spec), purpose: `langfuse-${purpose}`, description, keys, ...(format && { format }) },
        child,
      );
    const salt = secret("salt", "Langfuse hashes its keys with it: never changes");
    const session = secret("session", "Langfuse signs its sessions with it");
    const encryption = secret("encryption", "Langfuse encrypts settings with it: never changes", (value) =>
      createHash("sha256").update(value).digest("hex"),
    );
    const owner = secret("database-owner", "Langfuse's user in PostgreSQL", (password) =>
      JSON.stringify({ username: langfuseDatabase, password }),
    );
    const clickHousePassword = secret("clickhouse", "Langfuse's user in ClickHouse");

    const database = new PostgresCluster(
      `${name}-database`,
      {
        context: contextOf(spec),
        purpose: "langfuse-database",
        network,
        keys,
        access,
        database: langfuseDatabase,
        owner: langfuseDatabase,
        ownerSecret: { arn: owner.valueFrom, name: known.secret(spec.stack, "langfuse-database-owner") },
        clients: { langfuse: group.id },
        capacity: { min: 0.5, max: 4 },
        alarmTopicArn,
      },
      child,
    );
    group.reach("database", postgresPort, { referencedSecurityGroupId: database.securityGroupId });
    const cache = new ValkeyCache(
      `${name}-cache`,
      {
        context: contextOf(spec),
        purpose: "langfuse-cache",
        network,
        keys,
        clients: { langfuse: group.id },
        // Langfuse keeps its queues in it: what is dropped is lost.
        evictionPolicy: "noeviction",
        alarmTopicArn,
      },
      child,
    );
    group.reach("cache", valkeyPort, { referencedSecurityGroupId: cache.securityGroupId });
    const bucket = new PrivateBucket(
      `${name}-bucket`,
      {
        context: contextOf(spec),
        purpose: "langfuse",
        key: keys.data,
        retentionDays: spec.dataControl["langfuse-traces"].retentionDays,
      },
      child,
    );

    const { clickHouseUrl } = observability;
    if (clickHouseUrl === undefined) {
      const store = new ClickHouse(
        `${name}-clickhouse`,
        {
          spec,
          network,
          keys,
          access,
          artifacts,
          passwordSecretName: known.secret(spec.stack, "langfuse-clickhouse"),
          clients: { langfuse: group },
          alarmTopicArn,
        },
        { ...child, dependsOn: clickHousePassword },
      );
      this.#nameHost(name, args, store.privateIp);
    } else {
      const external = new URL(clickHouseUrl);
      for (const port of [Number(external.port || 443), 9440]) {
        group.reach(`external-clickhouse-${String(port)}`, port, { cidrIpv4: network.cidr });
      }
    }
    const host = clickHouseUrl === undefined ? `clickhouse.${zone}` : new URL(clickHouseUrl).hostname;

    const environment = planEnvironment({
      region: spec.region,
      bucket: bucket.bucketName,
      bucketKeyArn: keys.data,
      databaseHost: pulumi.all([database.host, database.ready]).apply(([address]) => address),
      cacheHost: cache.host,
      clickHouseUrl: clickHouseUrl ?? `http://${host}:${String(clickHousePorts.http)}`,
      clickHouseMigrationUrl:
        clickHouseUrl === undefined
          ? `clickhouse://${host}:${String(clickHousePorts.native)}`
          : `clickhouse://${host}:9440?secure=true`,
    });
    const common = {
      spec,
      network,
      keys,
      access,
      clusterArn: args.clusterArn,
      alarmTopicArn,
      namespaceId: args.namespaceId,
      securityGroupId: group.id,
      cpu: 2048,
      memoryMiB: 4096,
      tasks: 1,
      secrets: {
        CLICKHOUSE_PASSWORD: clickHousePassword.valueFrom,
        DATABASE_PASSWORD: pulumi.interpolate`${owner.valueFrom}:password::`,
        ENCRYPTION_KEY: encryption.valueFrom,
        NEXTAUTH_SECRET: session.valueFrom,
        REDIS_AUTH: cache.passwordSecretArn,
        SALT: salt.valueFrom,
      },
      secretNames: [
        ...["salt", "session", "encryption", "database-owner", "clickhouse", "cache-password"].map((purpose) =>
          known.secret(spec.stack, `langfuse-${purpose}`),
        ),
        // A department's own, for the one-off task that makes its project.
        known.secret("*", "langfuse"),
      ],
      statements: this.#bucketStatements(spec),
      writable: ["/tmp", "/app/web/.next/cache"],
    };
    const image = (short: string, digest: string) =>
      artifacts.repositoryUrls.apply((urls) => `${urls[short] ?? ""}@${digest}`);
    new TraceService(
      `${name}-web`,
      {
        ...common,
        purpose: "langfuse",
        image: image("langfuse", spec.images.langfuse),
        port: langfusePort,
        healthCheck: `wget -q -O /dev/null http://127.0.0.1:${String(langfusePort)}/api/public/health || exit 1`,
        environment,
      },
      child,
    );
    new TraceService(
      `${name}-worker`,
      {
        ...common,
        purpose: "langfuse-worker",
        image: image("langfuse-worker", spec.images.langfuseWorker),
        port: 3030,
        healthCheck: "wget -q -O /dev/null http://127.0.0.1:3030/api/health || exit 1",
        environment,
        writable: ["/tmp"],
      },
      child,
    );

    this.group = group;
    this.url = `http://langfuse.${zone}:${String(langfusePort)}`;
    this.family = known.lambda(spec.stack, "langfuse");
    this.registerOutputs({ url: this.url });
  }

  #bucketStatements(spec: StackSpec): readonly Statement[] {
    const bucket = arns(spec).bucket(
      names(spec.platform.organization).bucket(spec.stack, "langfuse", spec.accountId, spec.region),
    );
    return [
      allow("KeepTraces", {
        Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: `${bucket}/*`,
      }),
      allow("ListTraces", { Action: "s3:ListBucket", Resource: bucket }),
      useKey(contextOf(spec), { purpose: "data", via: "s3" }),
    ];
  }

  #nameHost(name: string, args: LangfuseArgs, privateIp: pulumi.Output<string>): void {
    const service = new aws.servicediscovery.Service(
      `${name}-clickhouse-name`,
      {
        name: "clickhouse",
        dnsConfig: {
          namespaceId: args.namespaceId,
          routingPolicy: "MULTIVALUE",
          dnsRecords: [{ type: "A", ttl: 10 }],
        },
        tags: tags(args.spec, { Purpose: "clickhouse" }),
      },
      { parent: this },
    );
    new aws.servicediscovery.Instance(
      `${name}-clickhouse-address`,
      { serviceId: service.id, instanceId: "clickhouse", attributes: { AWS_INSTANCE_IPV4: privateIp } },
      { parent: this },
    );
  }
}
