import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Connections } from "../../../components/gateway/containers";
import { fixturesDeployed } from "../../support/deployed";
import { migrate } from "../prisma/migrate";
import { installed } from "../prisma/paths";
import { makeCertificates } from "../support/certificates";
import { startMoto, type Moto } from "../support/moto";
import { Postgres } from "../support/postgres";
import { startRedis, type Redis } from "../support/redis";
import { freePort, type Server } from "../support/server";
import { makeBundle } from "./bundle";
import { onPort, Task, unableToIsolate, type Around, type Container } from "./task";

interface Definition {
  readonly volumes: readonly string[];
  readonly bootstrap: Container;
  readonly litellm: Container;
}

const artifacts = "fargate-tests-artifacts";
const masterKey = "sk-master-key-of-these-tests";

/** As the containers were before: every volume for uid 65534, and none in memory. */
const asBefore = (container: Container): Container => ({
  ...container,
  user: "65534:65534",
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  mountPoints: [
    ...container.mountPoints.map(({ sourceVolume, containerPath }) => ({ sourceVolume, containerPath })),
    { sourceVolume: "tmp", containerPath: "/tmp" },
  ],
});

describe("the gateway's task definitions, run as Fargate would", () => {
  let folder: string;
  let postgres: Postgres | undefined;
  let redis: Redis | undefined;
  let moto: Moto | undefined;
  let around: Around;
  let service: Definition;
  let migration: Definition;
  let task: Task;
  let server: Server | undefined;
  let port: number;

  before(async () => {
    assert.equal(unableToIsolate(), "");
    folder = mkdtempSync(path.join(tmpdir(), "cline-fargate-"));
    const bundle = makeBundle(folder);
    const certificates = await makeCertificates(folder);
    const resources = (await fixturesDeployed()).flatMap((stack): readonly Planned[] => stack.resources);
    [service, migration] = [definitionIn(resources, "task"), definitionIn(resources, "migration")];
    [postgres, redis, moto] = await Promise.all([
      Postgres.start(bundle),
      startRedis(folder, certificates),
      startMoto(folder, installed("GATEWAY_PYTHON")),
    ]);
    const setting = settingsOf(service.litellm);
    const [name, user] = [setting["DATABASE_NAME"] ?? "", setting["DATABASE_USER"] ?? ""];
    await postgres.createDatabase(name, user);
    await migrate(postgres.url(name, user));
    await fillBuckets(moto.url, resources, service.bootstrap, readFileSync(bundle.ca, "utf8"));
    const connections: Connections<string> = {
      DATABASE_HOST: "localhost",
      REDIS_HOST: "localhost",
      REDIS_PASSWORD: redis.password,
      OTEL_ENDPOINT: "https://127.0.0.1:9",
      OTEL_CA: readFileSync(certificates.ca, "utf8"),
      ARTIFACT_BUCKET: artifacts,
    };
    around = {
      secrets: { ...connections, LITELLM_MASTER_KEY: masterKey, LITELLM_SALT_KEY: "salt-of-these-tests" },
      differences: {
        DATABASE_PORT: String(postgres.port),
        REDIS_PORT: String(redis.port),
        AWS_ENDPOINT_URL: moto.url,
        AWS_ACCESS_KEY_ID: "AKIAGATEWAYTASKROLE0",
        AWS_SECRET_ACCESS_KEY: "test-secret",
        AWS_EC2_METADATA_DISABLED: "true",
        // Amazon's authority is among the image's; the cache's is not.
        SSL_CERT_FILE: "/app/authority.pem",
      },
      files: {
        [certificates.ca]: "/app/authority.pem",
        // Where the image has Prisma's command line.
        [path.join(__dirname, "prisma-stand-in.sh")]: "/app/.cache/prisma-python/binaries/node_modules/.bin/prisma",
      },
    };
    task = new Task(folder, service.volumes, around);
    port = await freePort();
  });

  after(async () => {
    await server?.stop();
    await Promise.all([postgres?.stop(), redis?.server.stop(), moto?.server.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("the bootstrap container fills the configuration's volume, as root without a capability", async () => {
    const { code, stderr } = await task.run(service.bootstrap);
    assert.equal(code, 0, stderr);
  });

  it("LiteLLM starts on it, reaches its database through a bundle of several roots, and serves", async () => {
    server = await task.start(service.litellm, port, async () => (await ask(port, "/health/readiness")).status === 200);
    const { body } = await ask(port, "/health/readiness");
    assert.match(body, /"db":\s*"connected"/);
    const models = await ask(port, "/v1/models");
    assert.deepEqual((JSON.parse(models.body) as { data: { id: string }[] }).data.map(({ id }) => id).sort(), [
      "light",
      "standard",
      "strong",
    ]);
  });

  it("runs as nobody without a capability, on a read-only root, with memory of the given size at /tmp", () => {
    const at = (file: string) => readFileSync(`/proc/${server?.pid ?? 0}/${file}`, "utf8");
    const status = at("status");
    assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
      assert.match(status, new RegExp(`^${set}:\t0{16}$`, "m"), set);
    const mounted = (place: string) =>
      at("mounts")
        .split("\n")
        .filter((line) => line.split(" ")[1] === place)
        .at(-1) ?? "";
    assert.match(mounted("/"), /^tmpfs \/ tmpfs ro,/);
    assert.match(mounted("/etc/cline-gateway"), / ro,/);
    const [scratch] = service.litellm.linuxParameters.tmpfs ?? [];
    assert.match(
      mounted("/tmp"),
      new RegExp(`^tmpfs /tmp tmpfs rw,nosuid,nodev,.*size=${(scratch?.size ?? 0) * 1024}k`),
    );
  });

  it("keeps in /tmp the one root of the bundle that signed the database's certificate", () => {
    const temporary = `/proc/${server?.pid ?? 0}/root/tmp`;
    const pinned = readdirSync(temporary).filter((name) => /^litellm-sslcert-.*\.pem$/.test(name));
    assert.equal(pinned.length, 1);
    const [name = ""] = pinned;
    assert.equal(readFileSync(path.join(temporary, name), "utf8").match(/BEGIN CERTIFICATE/g)?.length, 1);
    assert.equal(statSync(path.join(temporary, name)).uid, 65534);
  });

  it("passes the health check of its definition", async () => {
    const [kind, ...words] = service.litellm.healthCheck?.command ?? [];
    assert.equal(kind, "CMD");
    const here = words.map((word) => word.replace(":4000/", `:${port}/`));
    const { code, stderr } = await task.run(service.litellm, here);
    assert.equal(code, 0, stderr);
  });

  it("the migration runs Prisma from a copy of the migrations that it may write to", async () => {
    const own = new Task(folder, migration.volumes, around);
    const bootstrapped = await own.run(migration.bootstrap);
    assert.equal(bootstrapped.code, 0, bootstrapped.stderr);
    const { code, stdout, stderr } = await own.run(migration.litellm, [
      ...migration.litellm.entryPoint,
      ...onPort(migration.litellm.command, port),
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout + stderr, /\d{2,} migrations in \/tmp\/migrations as 65534/);
    assert.match(stdout + stderr, /Setup complete/);
  });

  describe("with the mounts that were", () => {
    const volumes = ["config", "tmp"];
    it("the bootstrap container cannot write", async () => {
      const { code, stderr } = await new Task(folder, volumes, around).run(asBefore(service.bootstrap));
      assert.equal(code, 1);
      assert.match(stderr, /PermissionError.*\/etc\/cline-gateway/);
    });
    it("LiteLLM has no temporary folder", async () => {
      const own = new Task(folder, volumes, around);
      assert.equal((await own.run(service.bootstrap)).code, 0);
      const { code, stderr } = await own.run(asBefore(service.litellm));
      assert.equal(code, 1);
      assert.match(stderr, /No usable temporary directory/);
    });
  });
});

/** A resource of the plan. */
interface Planned {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

function definitionIn(resources: readonly Planned[], noun: string): Definition {
  const found = resources.find(
    ({ type, name }) => type.endsWith(":TaskDefinition") && name === `gateway-litellm-${noun}`,
  );
  assert.ok(found, noun);
  const [bootstrap, litellm] = JSON.parse(found.inputs["containerDefinitions"] as string) as [Container, Container];
  const volumes = (found.inputs["volumes"] as { name: string }[]).map(({ name }) => name);
  return { volumes, bootstrap, litellm };
}

const settingsOf = ({ environment }: Container): Readonly<Record<string, string>> =>
  Object.fromEntries(environment.map(({ name, value }) => [name, value]));

/** Puts the plan's own objects where the bootstrap container fetches them. */
async function fillBuckets(endpoint: string, resources: readonly Planned[], bootstrap: Container, bundle: string) {
  const { CONFIG_BUCKET: bucket = "", CONFIG_PREFIX: prefix = "" } = settingsOf(bootstrap);
  const credentials = { accessKeyId: "AKIAFARGATETESTS0000", secretAccessKey: "test-secret" };
  const s3 = new S3Client({ endpoint, region: "ap-northeast-1", forcePathStyle: true, credentials });
  const CreateBucketConfiguration = { LocationConstraint: "ap-northeast-1" } as const;
  for (const Bucket of [bucket, artifacts])
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const objects = resources.filter(
    ({ type, inputs }) => type.endsWith(":BucketObject") && String(inputs["key"]).startsWith(`${prefix}/`),
  );
  assert.ok(objects.length > 3);
  for (const { inputs } of objects)
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: String(inputs["key"]), Body: String(inputs["content"]) }),
    );
  await s3.send(new PutObjectCommand({ Bucket: artifacts, Key: "gateway/rds-ca.pem", Body: bundle }));
  s3.destroy();
}

/** A GET with the master key. */
function ask(port: number, place: string): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { Authorization: `Bearer ${masterKey}` };
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: place, headers, rejectUnauthorized: false, timeout: 10_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    })
      .once("error", reject)
      .end();
  });
}
