import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { databaseArguments, langfuseDatabase } from "../../components/observability/langfuse/settings";
import { trustFiles } from "../../components/observability/langfuse/tls";
import { makeCertificates, type Certificates } from "../gateway/support/certificates";
import { Postgres } from "../gateway/support/postgres";
import { readSettings } from "../gateway/prisma/engine/settings";

/** The server's certificate is for `localhost`; the same server answers under its address, which is another name. */
const wrongHost = "127.0.0.1";

describe("PostgreSQL with a certificate of its own", () => {
  let folder: string;
  let own: Certificates;
  let other: string;
  let server: Postgres;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "cline-trust-"));
    own = await makeCertificates(folder);
    const others = mkdtempSync(path.join(folder, "other-"));
    other = (await makeCertificates(others)).ca;
    server = await Postgres.start(own);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs an attempt with the right root, with another one, and under another name. */
  async function thrice(attempt: (authority: string, host: string) => Promise<string>): Promise<void> {
    assert.equal(await attempt(own.ca, "localhost"), "in");
    assert.match(await attempt(other, "localhost"), /certificate|self-signed|issuer/);
    assert.match(await attempt(own.ca, wrongHost), /does not match|altnames|not in the cert/);
  }

  it("takes libpq's verify-full, which refuses another root and another name", async () => {
    await thrice((authority, host) => {
      const connection = `host=${host} port=${String(server.port)} user=postgres dbname=postgres`;
      const { status, stderr } = spawnSync(
        "psql",
        ["--no-psqlrc", "--command", "SELECT 1", `${connection} sslmode=verify-full sslrootcert=${authority}`],
        { encoding: "utf8" },
      );
      return Promise.resolve(status === 0 ? "in" : stderr);
    });
  });

  it("takes Langfuse's settings, and they refuse another root and another name", async () => {
    // The owner has the database's name.
    await server.createDatabase(langfuseDatabase, langfuseDatabase);
    await thrice(async (authority, host) => {
      // As Langfuse's entry point joins them, and as the query engine of the gateway's suite reads Prisma's parameters.
      const parameters = databaseArguments.replace(trustFiles.database, authority);
      const url = `postgresql://${langfuseDatabase}:x@${host}:${String(server.port)}/${langfuseDatabase}?${parameters}`;
      const { pool, plainToo } = readSettings(url);
      assert.equal(plainToo, false);
      const client = new pg.Client(pool);
      try {
        await client.connect();
        const { rows } = await client.query<{ ssl: boolean }>(
          "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
        );
        return rows[0]?.ssl ? "in" : "plain";
      } catch (fault) {
        return (fault as Error).message;
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  });

  describe("and the function that sets databases up", () => {
    let secrets: ReturnType<typeof createServer>;
    let endpoint: string;
    before(async () => {
      // Secrets Manager as far as the function asks it: two logins.
      secrets = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
          const { SecretId } = JSON.parse(body) as { SecretId: string };
          const username = SecretId === "master" ? "postgres" : "langfuse";
          response.setHeader("content-type", "application/x-amz-json-1.1");
          response.end(JSON.stringify({ SecretString: JSON.stringify({ username, password: "Example-only" }) }));
        });
      }).listen(0, "127.0.0.1");
      await once(secrets, "listening");
      endpoint = `http://127.0.0.1:${String((secrets.address() as AddressInfo).port)}`;
    });
    after(() => secrets.close());

    it("sets up where chain and name are RDS's, and nowhere else", async () => {
      const bundle = path.resolve(__dirname, "../../functions/dist/database-setup/index.js");
      const program = path.join(folder, "invoke.cjs");
      writeFileSync(
        program,
        `require(${JSON.stringify(bundle)}).handler({ database: "made", owner: "made_owner", ownerSecretArn: "owner" })
          .then(() => console.log("in"), (fault) => console.log(fault.message));`,
      );
      await thrice(async (authority, host) => {
        // In a process of its own: Node reads its authorities once, at the start, as Lambda's runtime does.
        const child = spawn(process.execPath, [program], {
          env: {
            PATH: process.env["PATH"],
            AWS_REGION: "ap-northeast-1",
            AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
            AWS_SECRET_ACCESS_KEY: "example",
            AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
            DATABASE_HOST: host,
            DATABASE_PORT: String(server.port),
            MASTER_SECRET_ARN: "master",
            KEY_WAIT_SECONDS: "0",
            NODE_NO_WARNINGS: "1",
            NODE_EXTRA_CA_CERTS: authority,
          },
          stdio: ["ignore", "pipe", "inherit"],
        });
        let said = "";
        child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
        await once(child, "close");
        return said.trim().split("\n").at(-1) ?? "";
      });
      assert.equal(server.sql("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'made'"), "1");
    });
  });
});
