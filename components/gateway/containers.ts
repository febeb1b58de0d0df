import { readFileSync } from "node:fs";
import path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { scratch, type Roll } from "../kit";
import { secretKey } from "../secret";
import { keyCacheSeconds } from "./bounds";
import { workers } from "./capacity";
import { configurationHash, sha256, type Configuration } from "./configuration";
import { drainSeconds, healthPath } from "./gateway-listener";
import { listenerPorts } from "./listeners";
import { idleSeconds } from "./load-balancer";

const bootstrap = readFileSync(path.join(__dirname, "bootstrap.py"), "utf8");

/** Where a task finds its configuration: a volume that ends with the task, filled by the bootstrap container. */
const configFolder = "/etc/cline-gateway";

/** Name of LiteLLM's database. */
export const databaseName = "litellm";

/** Seconds a worker may leave its supervisor without an answer. The default of 5 kills workers that still load LiteLLM, again and again. */
const workerPatience = 60;

/** Seconds from SIGTERM to SIGKILL. Fargate's most: a shorter one cuts the answers being written. */
const stopSeconds = 120;

/** ECS's health check of LiteLLM, in seconds. */
const health = { interval: 15, timeout: 10, retries: 4, startPeriod: 180 } as const;

/** How long the service's tasks take to start and to end. */
export const serviceRoll: Roll = {
  start: health.startPeriod + health.retries * health.interval,
  drain: drainSeconds,
  stop: stopSeconds,
};

/** What the containers of a task depend on. All but the secrets' ARNs is known before anything exists, so that a preview can read the task definition. */
export interface ContainerPlan {
  readonly region: string;
  /** Image with its digest. */
  readonly image: string;
  readonly configuration: Configuration;
  readonly configBucket: string;
  readonly secrets: TaskSecrets;
  /** Database user and name. */
  readonly database: { readonly user: string; readonly name: string };
  readonly logGroup: string;
}

/** Full ARNs of secrets, with Secrets Manager's suffix: ECS takes no other for one key of a JSON secret, which `connections` is. */
export type TaskSecrets = Readonly<Record<"masterKey" | "salt" | "connections", pulumi.Input<string>>>;

/** Folder of the configuration objects in the bucket. */
export const configPrefix = (configuration: Configuration): string => `config/${configurationHash(configuration)}`;

const environment = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** Keys of the `connections` secret, as {@link ContainerPlan} injects them. */
export const connectionKeys = [
  "DATABASE_HOST",
  "REDIS_HOST",
  "REDIS_PASSWORD",
  "OTEL_ENDPOINT",
  "OTEL_CA",
  "ARTIFACT_BUCKET",
] as const;
/** Those of the bootstrap container; LiteLLM gets the others. */
const bootstrapKeys: readonly (keyof Connections<string>)[] = ["ARTIFACT_BUCKET", "OTEL_CA"];
export type Connections<T> = Readonly<Record<(typeof connectionKeys)[number], T>>;

/** Name of the volume at {@link configFolder}. */
export const configVolume = "config";

/** MiB of a container's /tmp: LiteLLM writes the database's authority there, a migration its 2 MiB of files. */
const temporaryMiB = 64;

/** @param config what the container may do with the configuration's volume, which belongs to root */
const hardened = (plan: ContainerPlan, stream: string, config: "fills" | "reads") => ({
  image: plan.image,
  // The image's own user, nobody. Only root, which loses every capability all the same, can write to the volume.
  user: config === "fills" ? "0:0" : "65534:65534",
  privileged: false,
  readonlyRootFilesystem: true,
  linuxParameters: {
    initProcessEnabled: true,
    capabilities: { drop: ["ALL"] },
    tmpfs: [scratch("/tmp", temporaryMiB)],
  },
  mountPoints: [{ sourceVolume: configVolume, containerPath: configFolder, readOnly: config === "reads" }],
  logConfiguration: {
    logDriver: "awslogs",
    options: {
      "awslogs-group": plan.logGroup,
      "awslogs-region": plan.region,
      "awslogs-stream-prefix": stream,
      mode: "non-blocking",
      "max-buffer-size": "8m",
    },
  },
});

/** Puts configuration and certificate where LiteLLM starts from, then ends. */
function bootstrapContainer(plan: ContainerPlan) {
  const files = Object.fromEntries(Object.entries(plan.configuration).map(([file, text]) => [file, sha256(text)]));
  return {
    ...hardened(plan, "bootstrap", "fills"),
    name: "bootstrap",
    essential: false,
    entryPoint: ["python3", "-c"],
    command: [bootstrap],
    environment: environment({
      AWS_REGION: plan.region,
      CONFIG_BUCKET: plan.configBucket,
      CONFIG_PREFIX: configPrefix(plan.configuration),
      CONFIG_FILES: JSON.stringify(files),
      CONFIG_FOLDER: configFolder,
      HOME: "/tmp",
    }),
    secrets: bootstrapKeys.map((key) => connection(plan, key)),
  };
}

const connection = (plan: ContainerPlan, key: (typeof connectionKeys)[number]) => ({
  name: key,
  valueFrom: secretKey(plan.secrets.connections, key),
});

const portMappings = Object.values(listenerPorts).map(({ task }) => ({
  containerPort: task,
  hostPort: task,
  protocol: "tcp",
}));

/** Nothing is fetched from the internet, which there is none of, and nothing is reported to it. */
const closed = {
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: "True",
  LITELLM_LOCAL_BLOG_POSTS: "True",
  LITELLM_LOCAL_POLICY_TEMPLATES: "True",
  // An administrator could switch reports of use on; this outdoes it.
  LITELLM_TELEMETRY_DISABLED: "True",
  PRISMA_OFFLINE_MODE: "true",
} as const;

function litellmContainer(plan: ContainerPlan, command: readonly string[], more: Readonly<Record<string, string>>) {
  return {
    ...hardened(plan, "litellm", "reads"),
    name: "litellm",
    essential: true,
    dependsOn: [{ containerName: "bootstrap", condition: "SUCCESS" }],
    // LiteLLM's own command, with the edge before its application.
    entryPoint: ["python3", "-m", "cline_gateway"],
    command: ["--config", `${configFolder}/config.yaml`, ...command],
    portMappings,
    stopTimeout: stopSeconds,
    environment: environment({
      AWS_REGION: plan.region,
      AWS_REGION_NAME: plan.region,
      HOME: "/tmp",
      PYTHONPATH: configFolder,
      PYTHONDONTWRITEBYTECODE: "1",
      // A worker that a fault in compiled code ends says where; otherwise the log has its death and nothing else.
      PYTHONFAULTHANDLER: "1",
      CLINE_GATEWAY_SETTINGS: `${configFolder}/settings.json`,
      LITELLM_MODE: "PRODUCTION",
      LITELLM_LOG: "INFO",
      ...closed,
      DISABLE_ADMIN_UI: "True",
      NO_DOCS: "True",
      IAM_TOKEN_DB_AUTH: "True",
      DATABASE_PORT: "5432",
      DATABASE_USER: plan.database.user,
      DATABASE_NAME: plan.database.name,
      DATABASE_SSLMODE: "verify-full",
      DATABASE_SSLROOTCERT: `${configFolder}/rds-ca.pem`,
      REDIS_PORT: "6379",
      REDIS_SSL: "True",
      // Seconds from a failed call to the next one that may find Valkey back; the default of 60 would leave limits uncounted for a minute more.
      REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT: "5",
      // Seconds from one attempt to connect to the database anew to the next: the default of 15 is how long its return would go unnoticed.
      PRISMA_RECONNECT_COOLDOWN_SECONDS: "5",
      PRISMA_HEALTH_WATCHDOG_INTERVAL_SECONDS: "10",
      LITELLM_OTEL_V2: "true",
      OTEL_EXPORTER: "otlp_http",
      OTEL_EXPORTER_OTLP_CERTIFICATE: `${configFolder}/collector-ca.pem`,
      OTEL_SERVICE_NAME: "cline-gateway",
      // Not `baggage`: it is read before any key is, and would write a caller's words into another department's traces. `none` breaks every request.
      OTEL_PROPAGATORS: "tracecontext",
      // Whatever a caller's traceparent says: nobody leaves the traces by asking not to be sampled.
      OTEL_TRACES_SAMPLER: "always_on",
      ...more,
    }),
    secrets: [
      { name: "LITELLM_MASTER_KEY", valueFrom: plan.secrets.masterKey },
      { name: "LITELLM_SALT_KEY", valueFrom: plan.secrets.salt },
      ...connectionKeys.filter((key) => !bootstrapKeys.includes(key)).map((key) => connection(plan, key)),
    ],
  };
}

/** Container definitions of the service's tasks. */
export function serviceContainers(plan: ContainerPlan) {
  const probe =
    "import ssl, urllib.request as r; " +
    `r.urlopen('https://127.0.0.1:${String(listenerPorts.api.task)}${healthPath}', timeout=8, context=ssl._create_unverified_context())`;
  const command = {
    "--port": listenerPorts.api.task,
    "--num_workers": workers,
    "--timeout_worker_healthcheck": workerPatience,
  };
  const litellm = litellmContainer(plan, Object.entries(command).flat().map(String), {
    DISABLE_SCHEMA_UPDATE: "true",
    CLINE_MANAGEMENT_PORT: String(listenerPorts.management.task),
    SSL_CERTFILE_PATH: `${configFolder}/tls.crt`,
    SSL_KEYFILE_PATH: `${configFolder}/tls.key`,
    // Longer than the load balancer keeps a connection, or it would send into a closed one.
    KEEPALIVE_TIMEOUT: String(idleSeconds + 20),
    DEFAULT_IN_MEMORY_TTL: String(keyCacheSeconds),
  });
  return [
    bootstrapContainer(plan),
    {
      ...litellm,
      healthCheck: {
        command: ["CMD", "python3", "-c", probe],
        ...health,
      },
    },
  ];
}

/** Container definitions of the one-off task that brings the database's schema to the image's version. */
export function migrationContainers(plan: ContainerPlan) {
  const settings = {
    USE_PRISMA_MIGRATE: "True",
    // A copy of the migrations, which Prisma runs from: their own folder cannot be written to.
    LITELLM_MIGRATION_DIR: "/tmp/migrations",
  };
  return [bootstrapContainer(plan), litellmContainer(plan, ["--skip_server_startup"], settings)];
}
