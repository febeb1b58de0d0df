import type * as pulumi from "@pulumi/pulumi";
import { migrationPort, trustFiles } from "./tls";

/** What Langfuse's web and worker are told; secrets are injected beside it. */
export interface LangfuseSettings {
  readonly region: string;
  /** HTTPS URL of ClickHouse. */
  readonly clickHouseUrl: pulumi.Input<string>;
}

/** The variables that are known only once Langfuse's stores exist, by their key in the secret `langfuse-connections`. */
export const connectionKeys = {
  DATABASE_HOST: "DATABASE_HOST",
  LANGFUSE_S3_EVENT_UPLOAD_BUCKET: "BUCKET",
  LANGFUSE_S3_EVENT_UPLOAD_SSE_KMS_KEY_ID: "BUCKET_KEY",
  LANGFUSE_S3_MEDIA_UPLOAD_BUCKET: "BUCKET",
  LANGFUSE_S3_MEDIA_UPLOAD_SSE_KMS_KEY_ID: "BUCKET_KEY",
  REDIS_HOST: "REDIS_HOST",
} as const;

/** The content of that secret. */
export type Connections<T> = Readonly<Record<(typeof connectionKeys)[keyof typeof connectionKeys], T>>;

/** Where a lead's browser finds Langfuse: the local end of the forwarded port. Sign-in only works under this address. */
export const langfuseUrl = "http://localhost:3000";

/** Name of PostgreSQL's database and of its owner. */
export const langfuseDatabase = "langfuse";

/**
 * Prisma's parameters for a verified connection: chain and host name. Its engine knows no `sslmode=verify-full` and would take any
 * certificate under `require` alone; `sslaccept` decides, and `sslcert` names the root.
 */
export const databaseArguments = `sslmode=require&sslaccept=strict&sslcert=${trustFiles.database}`;

/**
 * Environment of web and worker alike. One ClickHouse host is no cluster; uploads are encrypted with the stack's own key; nothing is sent to
 * Langfuse's makers; nobody signs up by themselves.
 */
export function planEnvironment(settings: LangfuseSettings): Readonly<Record<string, pulumi.Input<string>>> {
  const uploads = (kind: "EVENT" | "MEDIA", prefix: string) => ({
    [`LANGFUSE_S3_${kind}_UPLOAD_REGION`]: settings.region,
    [`LANGFUSE_S3_${kind}_UPLOAD_PREFIX`]: prefix,
    [`LANGFUSE_S3_${kind}_UPLOAD_SSE`]: "aws:kms",
  });
  return {
    ...uploads("EVENT", "events/"),
    ...uploads("MEDIA", "media/"),
    AUTH_DISABLE_SIGNUP: "true",
    CLICKHOUSE_CLUSTER_ENABLED: "false",
    // The proxy's end on the loopback: it verifies ClickHouse, which Langfuse's migration script does not.
    CLICKHOUSE_MIGRATION_URL: `clickhouse://127.0.0.1:${String(migrationPort)}`,
    CLICKHOUSE_URL: settings.clickHouseUrl,
    CLICKHOUSE_USER: "langfuse",
    DATABASE_ARGS: databaseArguments,
    DATABASE_NAME: langfuseDatabase,
    DATABASE_USERNAME: langfuseDatabase,
    // The proxy takes what comes from the network.
    HOSTNAME: "127.0.0.1",
    LANGFUSE_S3_BATCH_EXPORT_ENABLED: "false",
    NEXTAUTH_URL: langfuseUrl,
    // Beside the public ones, which Valkey's and S3's certificates stand under.
    NODE_EXTRA_CA_CERTS: trustFiles.authority,
    NODE_OPTIONS: "--max-old-space-size=3072",
    REDIS_PORT: "6379",
    REDIS_TLS_ENABLED: "true",
    REDIS_TLS_REJECT_UNAUTHORIZED: "true",
    TELEMETRY_ENABLED: "false",
  };
}
