import type * as pulumi from "@pulumi/pulumi";

/** What Langfuse's web and worker are told; secrets are injected beside it. */
export interface LangfuseSettings {
  readonly region: string;
  readonly bucket: pulumi.Input<string>;
  readonly bucketKeyArn: pulumi.Input<string>;
  readonly databaseHost: pulumi.Input<string>;
  readonly cacheHost: pulumi.Input<string>;
  /** HTTP(S) URL of ClickHouse. */
  readonly clickHouseUrl: pulumi.Input<string>;
  /** Native-protocol URL, which migrations use. */
  readonly clickHouseMigrationUrl: pulumi.Input<string>;
}

/** Where a lead's browser finds Langfuse: the local end of the forwarded port. Sign-in only works under this address. */
export const langfuseUrl = "http://localhost:3000";

/** Name of PostgreSQL's database and of its owner. */
export const langfuseDatabase = "langfuse";

/**
 * Environment of web and worker alike. One ClickHouse host is no cluster; uploads are encrypted with the stack's own key; nothing is sent to
 * Langfuse's makers; nobody signs up by themselves.
 */
export function planEnvironment(settings: LangfuseSettings): Readonly<Record<string, pulumi.Input<string>>> {
  const uploads = (kind: "EVENT" | "MEDIA", prefix: string) => ({
    [`LANGFUSE_S3_${kind}_UPLOAD_BUCKET`]: settings.bucket,
    [`LANGFUSE_S3_${kind}_UPLOAD_REGION`]: settings.region,
    [`LANGFUSE_S3_${kind}_UPLOAD_PREFIX`]: prefix,
    [`LANGFUSE_S3_${kind}_UPLOAD_SSE`]: "aws:kms",
    [`LANGFUSE_S3_${kind}_UPLOAD_SSE_KMS_KEY_ID`]: settings.bucketKeyArn,
  });
  return {
    ...uploads("EVENT", "events/"),
    ...uploads("MEDIA", "media/"),
    AUTH_DISABLE_SIGNUP: "true",
    CLICKHOUSE_CLUSTER_ENABLED: "false",
    CLICKHOUSE_MIGRATION_URL: settings.clickHouseMigrationUrl,
    CLICKHOUSE_URL: settings.clickHouseUrl,
    CLICKHOUSE_USER: "langfuse",
    DATABASE_ARGS: "sslmode=require",
    DATABASE_HOST: settings.databaseHost,
    DATABASE_NAME: langfuseDatabase,
    DATABASE_USERNAME: langfuseDatabase,
    HOSTNAME: "0.0.0.0",
    LANGFUSE_S3_BATCH_EXPORT_ENABLED: "false",
    NEXTAUTH_URL: langfuseUrl,
    NODE_OPTIONS: "--max-old-space-size=3072",
    REDIS_HOST: settings.cacheHost,
    REDIS_PORT: "6379",
    REDIS_TLS_ENABLED: "true",
    TELEMETRY_ENABLED: "false",
  };
}
