import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contextOf } from "../../../components/context-of";
import { planConfiguration, type Configuration } from "../../../components/gateway/configuration";
import { configPrefix, type ContainerPlan } from "../../../components/gateway/containers";
import { containerPlan } from "../../../components/gateway/gateway-service";
import { canaryPurpose } from "../../../components/gateway/functions";
import { secretPurposes } from "../../../components/gateway/task-policies";
import { configurationPlan } from "../../../compose";
import { LiteLLM } from "../../../functions/shared/litellm";
import {
  modelTiers,
  names,
  planModel,
  platformState,
  stateKeys,
  type DepartmentState,
  type PlatformState,
  type StackSpec,
} from "../../../config";
import { platformSpec } from "../../support/specs";
import { engineEnvironment } from "../prisma/environment";
import { migrate } from "../prisma/migrate";
import { installed } from "../prisma/paths";
import { BedrockStandIn } from "../stand-ins/bedrock";
import { LoadBalancer } from "../stand-ins/load-balancer";
import { OtlpStandIn } from "../stand-ins/otlp";
import { makeCertificates, type Certificates } from "./certificates";
import { Gateway, type Container, type Surroundings } from "./gateway";
import { startMoto, type Moto } from "./moto";
import { Postgres } from "./postgres";
import { startRedis, type Redis } from "./redis";

/** A platform whose caps and budget are in no test's way, with a model that few calls saturate. */
export const roomy = {
  "cline:gateway": { queue: { places: { standard: 5 } }, extras: ["embeddings", "messages"] },
  "cline:platform": {
    monthlyBudgetUsd: 1_000_000,
    caps: {
      default: {
        monthlyBudgetUsd: 1000,
        tpm: 100_000_000,
        rpm: 100_000,
        models: ["light", "standard", "strong"],
        priority: "high",
      },
      engineering: undefined,
    },
  },
};

/** Departments of the suite are teams without a stack file. */
function withGuardrail(spec: StackSpec): StackSpec {
  const guardrail = { id: "gr1abc2def3g", version: 3 };
  return { ...spec, platform: { ...spec.platform, guardrails: { guarded: guardrail, "guarded-vectors": guardrail } } };
}

/**
 * The gateway with everything around it, once for the whole suite: LiteLLM as the program configures it, behind its load balancer, on PostgreSQL
 * and Redis, with stand-ins for Bedrock and Langfuse and moto's server for S3 and Secrets Manager.
 */
export class World {
  readonly organization = "example";
  readonly masterKey = "sk-master-key-of-these-tests";

  private constructor(
    readonly folder: string,
    readonly spec: StackSpec,
    readonly plan: ContainerPlan,
    readonly certificates: Certificates,
    readonly postgres: Postgres,
    readonly redis: Redis,
    readonly moto: Moto,
    readonly bedrock: BedrockStandIn,
    readonly otlp: OtlpStandIn,
    readonly balancer: LoadBalancer,
    /** URL of the API's listener, without path. */
    readonly url: string,
    /** URL of the management listener, without path. */
    readonly managementUrl: string,
    readonly gateways: Gateway[],
    private readonly around: Surroundings,
    readonly s3: S3Client,
    readonly secrets: SecretsManagerClient,
  ) {}

  /** @param tasks of the gateway; each has two workers, as deployed. */
  static async start(tasks = 2): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "cline-gateway-"));
    const python = installed("GATEWAY_PYTHON");
    const spec = withGuardrail(platformSpec(roomy));
    const certificates = await makeCertificates(folder);
    const [postgres, redis, moto, bedrock, otlp] = await Promise.all([
      Postgres.start(certificates),
      startRedis(folder, certificates),
      startMoto(folder, python),
      new BedrockStandIn().start(),
      new OtlpStandIn().start({
        certificate: readFileSync(certificates.certificate, "utf8"),
        privateKey: readFileSync(certificates.key, "utf8"),
      }),
    ]);
    const aws = awsEnvironment(moto.url);
    bedrock.abilities = (id) => {
      const tier = modelTiers.find((each) => id.endsWith(`-${each}`));
      return tier && planModel(spec.platform, tier).model;
    };
    // The functions read their surroundings as they do in Lambda.
    Object.assign(process.env, aws);
    const plan = containerPlan(contextOf(spec), {
      imageDigest: spec.images.gateway,
      configuration: planConfiguration(configurationPlan(spec, spec.gateway!)),
      secrets: { masterKey: "arn:master-key", salt: "arn:salt", connections: "arn:connections" },
    });
    await postgres.createDatabase(plan.database.name, plan.database.user);
    await migrate(postgres.url(plan.database.name, plan.database.user));

    const s3 = new S3Client({ forcePathStyle: true });
    const secrets = new SecretsManagerClient({});
    const artifacts = "gateway-tests-artifacts";
    const put = (Bucket: string, Key: string, Body: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "text/plain" }));
    for (const Bucket of [plan.configBucket, artifacts]) {
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "ap-northeast-1" } }),
      );
    }
    await putConfiguration(s3, plan);
    await put(artifacts, "gateway/rds-ca.pem", readFileSync(certificates.ca, "utf8"));
    const around: Surroundings = {
      folder,
      python,
      databasePort: postgres.port,
      redisPort: redis.port,
      motoUrl: moto.url,
      bedrockUrl: bedrock.url,
      connections: {
        DATABASE_HOST: "localhost",
        REDIS_HOST: "localhost",
        REDIS_PASSWORD: redis.password,
        OTEL_ENDPOINT: otlp.url,
        OTEL_CA: readFileSync(certificates.ca, "utf8"),
        ARTIFACT_BUCKET: artifacts,
      },
      masterKey: "sk-master-key-of-these-tests",
      salt: "salt-of-these-tests",
      ca: certificates.ca,
      engine: engineEnvironment(),
    };
    const balancer = new LoadBalancer(certificates, spec.gateway!.extras);
    const { api: url, management: managementUrl } = await balancer.start();
    const gateways = await Promise.all(
      Array.from({ length: tasks }, (_, at) => Gateway.start(`task-${at + 1}`, plan, around)),
    );
    for (const { ports } of gateways) balancer.register(ports);
    const world = new World(
      ...([folder, spec, plan, certificates, postgres, redis, moto, bedrock, otlp, balancer] as const),
      ...([url, managementUrl, gateways] as const),
      ...([around, s3, secrets] as const),
    );
    await world.prepareFunctions();
    return world;
  }

  /** Puts another configuration where its tasks fetch it. */
  putConfiguration(configuration: Configuration): Promise<void> {
    return putConfiguration(this.s3, { ...this.plan, configuration });
  }

  /** Another task beside the others, not behind the load balancer. */
  startGateway(name: string, plan: ContainerPlan = this.plan, containers?: readonly [Container, Container]) {
    return Gateway.start(name, plan, this.around, containers);
  }

  /** The same with another LiteLLM: that of the interpreter `python`. */
  startRelease(name: string, python: string): Promise<Gateway> {
    return Gateway.start(name, this.plan, { ...this.around, python, engine: engineEnvironment(python) });
  }

  private async prepareFunctions(): Promise<void> {
    const known = names(this.organization);
    const secret = (purpose: string) => known.secret(this.spec.stack, purpose);
    Object.assign(process.env, {
      ORGANIZATION: this.organization,
      GATEWAY_URL: this.url,
      GATEWAY_MANAGEMENT_URL: this.managementUrl,
      GATEWAY_CA: readFileSync(this.certificates.ca, "utf8"),
      STATE_BUCKET: this.plan.configBucket,
      MASTER_KEY_SECRET_NAME: secret(secretPurposes.masterKey),
      CANARY_KEY_SECRET_NAME: secret(canaryPurpose),
      METRIC_NAMESPACE: "Cline/Gateway",
      METRIC_STACK: this.spec.stack,
    });
    await this.createSecret(secret(secretPurposes.masterKey), this.masterKey);
    await this.createSecret(secret(canaryPurpose), "sk-canary-key-of-these-tests");
    await this.declarePlatform(platformState(this.spec));
  }

  async createSecret(Name: string, SecretString?: string): Promise<void> {
    await this.secrets.send(new CreateSecretCommand({ Name, ...(SecretString === undefined ? {} : { SecretString }) }));
  }

  /** LiteLLM for whoever holds the virtual key `key`, or for the functions; each through their listener. */
  litellm(key?: string): LiteLLM {
    const own = key === undefined ? { url: this.managementUrl, key: this.masterKey } : { url: this.url, key };
    return new LiteLLM({ ...own, ca: readFileSync(this.certificates.ca, "utf8") });
  }

  async declarePlatform(state: PlatformState): Promise<void> {
    await this.putState(stateKeys.platform, state);
  }

  /** Puts a department's object where the functions find it, and gives the text that was put. */
  async declare(state: DepartmentState): Promise<string> {
    return this.putState(stateKeys.department(state.department), state);
  }

  async withdraw(department: string): Promise<void> {
    await this.s3.send(
      new DeleteObjectCommand({ Bucket: this.plan.configBucket, Key: stateKeys.department(department) }),
    );
  }

  async putState(Key: string, state: unknown): Promise<string> {
    const Body = JSON.stringify(state);
    await this.s3.send(new PutObjectCommand({ Bucket: this.plan.configBucket, Key, Body }));
    return Body;
  }

  async stop(): Promise<void> {
    // LiteLLM before its database.
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.balancer.stop();
    await Promise.all([
      this.postgres.stop(),
      this.redis.server.stop(),
      this.moto.server.stop(),
      this.bedrock.stop(),
      this.otlp.stop(),
    ]);
    if (process.env["GATEWAY_KEEP"] === undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

async function putConfiguration(s3: S3Client, { configBucket, configuration }: ContainerPlan): Promise<void> {
  for (const [file, Body] of Object.entries(configuration)) {
    const Key = `${configPrefix(configuration)}/${file}`;
    await s3.send(new PutObjectCommand({ Bucket: configBucket, Key, Body, ContentType: "text/plain" }));
  }
}

/** What the AWS SDK reads: moto's server, and credentials that mean nothing. */
const awsEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: "ap-northeast-1",
  AWS_ACCESS_KEY_ID: "AKIAFUNCTIONSROLE000",
  AWS_SECRET_ACCESS_KEY: "test-secret",
});
