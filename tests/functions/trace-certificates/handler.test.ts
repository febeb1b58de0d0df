import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomUUID, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ECSClient } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Issued } from "../../../functions/certificate/issue";
import { handler } from "../../../functions/trace-certificates/handler";
import { planCertificates, type Server } from "../../../functions/trace-certificates/plan";
import { awsError, fakeAws } from "../../support/aws-calls";
import { memoryAuthority } from "../../support/certificate";

const domain = "traces.platform.example.internal";
const servers: Server[] = [
  { host: `langfuse.${domain}`, secret: "langfuse-certificate", service: "example-platform-langfuse" },
  { host: `clickhouse.${domain}`, secret: "clickhouse-certificate" },
];
const trust = "traces-authority";
const day = 24 * 3_600_000;
const certificateOf = (text: string | undefined) => JSON.parse(text ?? "") as Issued;

describe("planCertificates", () => {
  const authority = memoryAuthority(domain);
  const made = new Date("2026-11-22T00:00:00Z");
  const plan = (before: ReadonlyMap<string, string>, now = made) =>
    planCertificates({ authority, servers, trust, before }, now);

  it("puts every server below one authority, and writes first what clients trust", async () => {
    const { writes, authority: ca } = await plan(new Map());
    assert.deepEqual([...writes.keys()], [trust, ...servers.map(({ secret }) => secret)]);
    assert.equal(writes.get(trust), ca);
    for (const { host, secret } of servers) {
      const server = new X509Certificate(certificateOf(writes.get(secret)).certificate);
      assert.equal(server.checkHost(host), host);
      assert.ok(server.verify(new X509Certificate(ca).publicKey), host);
    }
    const keys = servers.map(({ secret }) => certificateOf(writes.get(secret)).privateKey);
    assert.notEqual(keys[0], keys[1]);
  });

  it("changes nothing when repeated, and renews in time below the same authority", async () => {
    const { writes, authority: ca } = await plan(new Map());
    assert.equal((await plan(writes)).writes.size, 0);
    const later = await plan(writes, new Date(made.getTime() + 60 * day));
    assert.deepEqual(
      [...later.writes.keys()],
      servers.map(({ secret }) => secret),
    );
    assert.equal(later.authority, ca);
  });

  it("makes good what a run left half done, and a server that is new", async () => {
    const { writes, authority: ca } = await plan(new Map());
    for (const secret of writes.keys()) {
      const half = new Map([...writes].filter(([name]) => name !== secret));
      const repaired = await plan(half);
      const after = new Map([...half, ...repaired.writes]);
      for (const server of servers) assert.equal(certificateOf(after.get(server.secret)).chain, after.get(trust));
      if (secret !== trust) assert.equal(repaired.authority, ca);
    }
  });

  it("renews a server whose secret an operator has emptied", async () => {
    const { writes, authority: ca } = await plan(new Map());
    const renewed = await plan(new Map([...writes, ["clickhouse-certificate", "{}"]]));
    assert.deepEqual([...renewed.writes.keys()], ["clickhouse-certificate"]);
    assert.equal(renewed.authority, ca);
  });

  it("says what is wrong with a stored secret without repeating it", async () => {
    await assert.rejects(
      plan(new Map([["clickhouse-certificate", "hunter2"]])),
      (fault: Error) => /not JSON/.test(fault.message) && !fault.message.includes("hunter2"),
    );
  });
});

describe("trace-certificates", () => {
  let fake: ReturnType<typeof fakeAws>;
  let store: Map<string, { readonly text: string; readonly since: Date; readonly version: string }>;
  /** Texts by version's id, of every secret. */
  let versions: Map<string, string>;
  let clock: number;
  /** Start of the service's newest deployment; undefined: no such service. */
  let started: number | undefined;
  let updateFails: boolean;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "trace-certificates-"));
    writeFileSync(path.join(folder, "key.pem"), pem, { mode: 0o600 });
  });
  after(() => rmSync(folder, { recursive: true }));
  /** KMS signs a digest as it is; Node only signs what it hashes itself. */
  const signDigest = (digest: Uint8Array): Buffer =>
    execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", path.join(folder, "key.pem")], { input: digest });
  const restarts = () => fake.calls.filter(({ name }) => name === "UpdateService").length;

  beforeEach(() => {
    store = new Map();
    versions = new Map();
    clock = 1_000;
    started = undefined;
    updateFails = false;
    Object.assign(process.env, {
      AUTHORITY_KEY: "alias/cline/example/platform/traces-authority",
      DOMAIN: domain,
      TRUST_ID: trust,
      CLUSTER: "example-platform-traces",
      SERVERS: JSON.stringify(servers),
    });
    fake = fakeAws([ECSClient, KMSClient, SecretsManagerClient], {
      GetPublicKey: () => ({ PublicKey: publicKey.export({ type: "spki", format: "der" }) }),
      Sign: ({ Message, MessageType }) => {
        assert.equal(MessageType, "DIGEST");
        return { Signature: signDigest(Message as Uint8Array) };
      },
      GetSecretValue: ({ SecretId }) => {
        const found = store.get(SecretId as string);
        if (!found) throw awsError("ResourceNotFoundException");
        return { SecretString: found.text, CreatedDate: found.since, VersionId: found.version };
      },
      PutSecretValue: ({ SecretId, SecretString, ClientRequestToken }) => {
        const [text, version] = [SecretString as string, (ClientRequestToken as string | undefined) ?? randomUUID()];
        assert.ok(version.length >= 32 && version.length <= 64);
        if ((versions.get(version) ?? text) !== text) throw awsError("ResourceExistsException");
        versions.set(version, text);
        store.set(SecretId as string, { text, since: new Date((clock += 1_000)), version });
        return {};
      },
      DescribeServices: ({ services }) => ({
        services:
          started === undefined
            ? []
            : (services as string[]).map((serviceName) => ({
                serviceName,
                status: "ACTIVE",
                deployments: [{ createdAt: new Date(started ?? 0) }],
              })),
      }),
      UpdateService: ({ forceNewDeployment }) => {
        if (updateFails) throw awsError("ThrottlingException");
        assert.equal(forceNewDeployment, true);
        started = clock + 1;
        return {};
      },
    });
  });
  afterEach(() => fake.restore());

  it("answers with the authority, before there is a service", async () => {
    const { authority: ca } = await handler();
    assert.equal(ca, store.get(trust)!.text);
    assert.equal(store.size, 3);
    assert.equal(restarts(), 0);
  });

  it("rolls a service that runs with an older certificate, once", async () => {
    started = 0;
    await handler();
    assert.equal(restarts(), 1);
    const before = new Map(store);
    await handler();
    assert.equal(restarts(), 1);
    assert.deepEqual(store, before);
  });

  it("rolls the service at the next run where the first could not", async () => {
    started = 0;
    updateFails = true;
    await assert.rejects(handler(), /ThrottlingException/);
    updateFails = false;
    await handler();
    assert.equal(restarts(), 2);
    assert.ok(started > store.get("langfuse-certificate")!.since.getTime());
  });

  it("issues once where two runs overlap, and both answer with what clients trust", async () => {
    const outcomes = await Promise.all([handler(), handler()]);
    const trusted = store.get(trust)!.text;
    assert.deepEqual(outcomes, [{ authority: trusted }, { authority: trusted }]);
    assert.equal(versions.size, 3);
    for (const { secret } of servers) assert.equal(certificateOf(store.get(secret)!.text).chain, trusted);
  });

  it("gives up on a secret that was set back, and leaves it", async () => {
    await handler();
    const made = store.get("clickhouse-certificate")!;
    store.set("clickhouse-certificate", { ...made, text: "{}" });
    await handler();
    store.set("clickhouse-certificate", { ...made, text: "{}" });
    await assert.rejects(handler(), /make it AWSCURRENT/);
    assert.equal(store.get("clickhouse-certificate")!.text, "{}");
  });
});
