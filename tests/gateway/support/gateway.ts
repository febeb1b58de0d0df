import { mkdirSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import type { GatewayListener } from "../../../config";
import { serviceContainers, type Connections, type ContainerPlan } from "../../../components/gateway/containers";
import { runCommand } from "../../engine/support/command";
import { freePort, Server, startSeconds } from "./server";

/** What a gateway task of this suite finds around it, in AWS's place. */
export interface Surroundings {
  /** Folder for the tasks' own files and logs. */
  readonly folder: string;
  /** The interpreter that has LiteLLM. */
  readonly python: string;
  readonly databasePort: number;
  readonly redisPort: number;
  readonly motoUrl: string;
  readonly bedrockUrl: string;
  /** Values of the secrets that the task definition names. */
  readonly connections: Connections<string>;
  readonly masterKey: string;
  readonly salt: string;
  /** PEM file of the authority that signed the certificates of database and cache. */
  readonly ca: string;
  /** What leads LiteLLM to the suite's query engine. */
  readonly engine: NodeJS.ProcessEnv;
}

/** What of a container definition decides how its process starts. */
export interface Container {
  readonly name: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}

const taskFolder = "/etc/cline-gateway";

/**
 * A gateway task: the two containers of the service's task definition, run as processes with the same commands and environment. What differs
 * is listed in {@link differences}.
 */
export class Gateway {
  private constructor(
    readonly name: string,
    readonly ports: Readonly<Record<GatewayListener, number>>,
    readonly server: Server,
    readonly log: string,
  ) {}

  /** @param containers the task's, where they are another build's than this one's. */
  static async start(
    name: string,
    plan: ContainerPlan,
    around: Surroundings,
    containers = serviceContainers(plan) as unknown as readonly [Container, Container],
  ): Promise<Gateway> {
    // LiteLLM puts the working folder's grandparent first on Python's path: that is a folder of this suite's too.
    const folder = join(around.folder, "tasks", name);
    mkdirSync(folder, { recursive: true });
    const [port, management] = [await freePort(), await freePort()];
    const [bootstrap, litellm] = containers;
    const started = await runCommand(around.python, bootstrap.entryPoint.slice(1).concat(bootstrap.command), {
      cwd: folder,
      env: environmentOf(bootstrap, around, folder),
      deadlineMs: 60_000,
    });
    if (started.code !== 0) throw new Error(`bootstrap failed:\n${started.stderr}`);
    const log = join(around.folder, `${name}.log`);
    const server = await Server.start({
      file: join(around.python, "..", litellm.entryPoint[0] ?? ""),
      args: [...litellm.entryPoint.slice(1), ...litellm.command]
        .map((word) => word.replace(taskFolder, folder))
        .map(onPort(port))
        .concat("--host", "127.0.0.1"),
      env: { ...environmentOf(litellm, around, folder), CLINE_MANAGEMENT_PORT: String(management) },
      cwd: folder,
      log,
      port,
      ready: async () => (await get(port, "/health/readiness")) === 200,
      deadlineMs: 1000 * startSeconds,
    });
    return new Gateway(name, { api: port, management }, server, log);
  }

  /** The API's port. */
  get port(): number {
    return this.ports.api;
  }

  /** Without path; its certificate is the task's own, which nobody verifies. */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** The task's port is the suite's free one. */
const onPort = (port: number) => (word: string, at: number, all: readonly string[]) =>
  all[at - 1] === "--port" ? String(port) : word;

/** Everything in which a process of this suite differs from a container of the task: where things are, and who it is for AWS. */
function differences(around: Surroundings, folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: folder,
    CONFIG_FOLDER: folder,
    DATABASE_PORT: String(around.databasePort),
    REDIS_PORT: String(around.redisPort),
    AWS_ENDPOINT_URL: around.motoUrl,
    AWS_BEDROCK_RUNTIME_ENDPOINT: around.bedrockUrl,
    AWS_ACCESS_KEY_ID: "AKIAGATEWAYTASKROLE0",
    AWS_SECRET_ACCESS_KEY: "test-secret",
    AWS_EC2_METADATA_DISABLED: "true",
    // Amazon's authority is among the image's; the suite's is not.
    SSL_CERT_FILE: around.ca,
    ...around.engine,
  };
}

function environmentOf(container: Container, around: Surroundings, folder: string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    container.environment.map(({ name, value }) => [name, value.replaceAll(taskFolder, folder)]),
  );
  const secrets = Object.fromEntries(container.secrets.map(({ name }) => [name, secretValue(name, around)]));
  return { ...own, ...secrets, ...differences(around, folder) };
}

function secretValue(name: string, { connections, masterKey, salt }: Surroundings): string {
  const values: Readonly<Record<string, string>> = {
    ...connections,
    LITELLM_MASTER_KEY: masterKey,
    LITELLM_SALT_KEY: salt,
  };
  const value = values[name];
  if (value === undefined) throw new Error(`the task definition names a secret that this suite does not know: ${name}`);
  return value;
}

/** Status of a plain GET. */
function get(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, rejectUnauthorized: false, timeout: 5000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once("error", reject)
      .end();
  });
}
