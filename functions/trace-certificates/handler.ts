import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { authorityOf } from "../certificate/authority";
import type { Authority } from "../certificate/x509";
import { awsClient } from "../shared/aws";
import { setting } from "../shared/environment";
import { log } from "../shared/log";
import { planCertificates, staleServices, type Server, type Stored } from "./plan";

/** What the trace store's clients trust. */
export interface Outcome {
  /** PEM of the authority. */
  readonly authority: string;
}

const ecs = awsClient(new ECSClient({}));
const kms = awsClient(new KMSClient({}));
const secrets = awsClient(new SecretsManagerClient({}));

/** Times that a run looks at the secrets at most, and the pause before it looks again. */
const mostLooks = 5;
const pauseMs = 200;

async function read(SecretId: string): Promise<Stored | undefined> {
  try {
    const { SecretString, CreatedDate, VersionId } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    if (SecretString === undefined) return undefined;
    return { text: SecretString, since: CreatedDate ?? new Date(0), version: VersionId ?? "" };
  } catch (fault) {
    // The stack makes the secret empty; without a first version there is nothing to read.
    if ((fault as Error).name === "ResourceNotFoundException") return undefined;
    throw fault;
  }
}

/**
 * Writes the version that follows the one that was read; false where another run has written it already. Both runs give it the same id, and
 * Secrets Manager refuses a second content under an id (API reference, PutSecretValue, ClientRequestToken).
 */
async function write(SecretId: string, SecretString: string, before: Stored | undefined): Promise<boolean> {
  const ClientRequestToken = createHash("sha256")
    .update(`${SecretId} after ${before?.version ?? "none"}`)
    .digest("hex");
  try {
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken }));
  } catch (fault) {
    if ((fault as Error).name !== "ResourceExistsException") throw fault;
    log("another run has written the secret", { secret: SecretId });
    return false;
  }
  log("certificate issued", { secret: SecretId });
  return true;
}

/** One look at the secrets: the authority that clients trust then; undefined where another run came first. */
async function keep(authority: Authority, servers: readonly Server[], trust: string): Promise<string | undefined> {
  const before = new Map<string, Stored>();
  for (const id of [trust, ...servers.map(({ secret }) => secret)]) {
    const stored = await read(id);
    if (stored) before.set(id, stored);
  }
  const texts = new Map([...before].map(([id, { text }]) => [id, text]));
  const plan = await planCertificates({ authority, servers, trust, before: texts }, new Date());
  for (const [id, text] of plan.writes) {
    if (!(await write(id, text, before.get(id)))) return undefined;
  }
  return plan.authority;
}

/** Rolls each service that has not started anew since its certificate or its authority changed. */
async function restart(servers: readonly Server[]): Promise<void> {
  const names = servers.flatMap(({ service }) => service ?? []);
  const cluster = setting("CLUSTER");
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: names }));
  const changed = new Map<string, Date>();
  const trust = (await read(setting("TRUST_ID")))?.since ?? new Date(0);
  for (const { service, secret } of servers) {
    const own = (await read(secret))?.since ?? new Date(0);
    if (service !== undefined) changed.set(service, own > trust ? own : trust);
  }
  for (const service of staleServices(services, changed)) {
    await ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    log("service takes its new certificate", { service });
  }
}

/**
 * Issues and renews the certificates of the trace store's servers, and rolls the services that run with an older one. Repeating it changes
 * nothing; a run that ends halfway is completed by the next. Of runs that overlap one writes a secret, and the others keep what it wrote.
 * @throws Error when somebody has set a secret back to an earlier version: the one that follows it exists already
 */
export async function handler(): Promise<Outcome> {
  const servers = JSON.parse(setting("SERVERS")) as readonly Server[];
  const authority = await authorityOf(kms, setting("AUTHORITY_KEY"), setting("DOMAIN"));
  for (let look = 1; look <= mostLooks; look++) {
    const trusted = await keep(authority, servers, setting("TRUST_ID"));
    if (trusted !== undefined) {
      await restart(servers);
      return { authority: trusted };
    }
    await sleep(pauseMs);
  }
  throw new Error(
    "a newer version follows the current one of a secret that the log names: make it AWSCURRENT, and run again",
  );
}
