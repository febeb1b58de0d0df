import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { handler } from "../../../functions/langfuse-provisioner/handler";
import type { ProjectSecret } from "../../../functions/langfuse-provisioner/project";
import type { Issued } from "../../../functions/certificate/issue";
import { awsError, fakeAws } from "../../support/aws-calls";
import { issueCertificate } from "../../support/certificate";

const secretName = "cline/example/engineering/langfuse";
const ensure = {
  action: "ensure",
  department: "engineering",
  secretName,
  leadEmail: "sato@example.com",
  keepPromptText: false,
} as const;

describe("langfuse-provisioner", () => {
  let langfuse: Server;
  let fake: ReturnType<typeof fakeAws>;
  /** Secrets Manager's content. */
  let store: Map<string, string>;
  /** Authorizations that Langfuse accepts: those of departments whose task has run. */
  let known: Set<string>;
  let startFails: boolean;
  let identity: Issued;
  /** What another run writes to a secret right after this one; undefined: nothing. */
  let overlapping: (secret: string) => string | undefined;

  before(async () => {
    identity = await issueCertificate();
  });
  beforeEach((done) => {
    overlapping = () => undefined;
    store = new Map();
    known = new Set();
    startFails = false;
    langfuse = createServer({ cert: identity.certificate, key: identity.privateKey }, (request, response) => {
      response.statusCode = known.has(String(request.headers.authorization)) ? 200 : 401;
      response.end("{}");
    }).listen(0, "127.0.0.1", () => {
      Object.assign(process.env, {
        ORGANIZATION: "example",
        LANGFUSE_CA: identity.chain,
        LANGFUSE_URL: `https://localhost:${String((langfuse.address() as AddressInfo).port)}`,
        TASK_FAMILY: "example-platform-langfuse",
        EXECUTION_ROLE: "arn:aws:iam::111122223333:role/cline/example-platform-langfuse-init-execution",
        CLUSTER: "example-platform-traces",
        SUBNETS: "subnet-1,subnet-2",
        SECURITY_GROUP: "sg-1",
        COLLECTOR_CONFIG_ID: "cline/example/platform/collector-config",
        COLLECTOR_SERVICE: "example-platform-collector",
      });
      done();
    });
    const authorization = (name: string) => {
      const { publicKey, secretKey } = JSON.parse(store.get(name)!) as ProjectSecret;
      return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;
    };
    fake = fakeAws([ECSClient, SecretsManagerClient], {
      GetSecretValue: ({ SecretId }) => {
        const SecretString = store.get(SecretId as string);
        if (SecretString === undefined) throw awsError("ResourceNotFoundException");
        return { ARN: `arn:${SecretId as string}`, SecretString };
      },
      PutSecretValue: ({ SecretId, SecretString }) => {
        store.set(SecretId as string, overlapping(SecretId as string) ?? (SecretString as string));
        return { ARN: `arn:${SecretId as string}` };
      },
      ListSecrets: () => ({
        SecretList: [...store.keys(), "cline/example/engineering/tanaka/virtual-key"].map((Name) => ({ Name })),
      }),
      DescribeTaskDefinition: () => ({
        taskDefinition: {
          family: "example-platform-langfuse",
          cpu: "2048",
          containerDefinitions: [{ name: "trust" }, { name: "proxy" }, { name: "langfuse", portMappings: [{}] }],
        },
      }),
      RegisterTaskDefinition: () => ({ taskDefinition: { taskDefinitionArn: "arn:init:1" } }),
      RunTask: () => {
        if (startFails) return { tasks: [], failures: [{ reason: "RESOURCE:ENI" }] };
        known.add(authorization(secretName));
        return { tasks: [{ taskArn: "arn:task" }] };
      },
      StopTask: () => ({}),
      DeregisterTaskDefinition: () => ({}),
      UpdateService: (_input, before) => {
        if (before === 0) throw awsError("ServiceNotFoundException");
        return {};
      },
    });
  });
  afterEach((done) => {
    fake.restore();
    langfuse.closeAllConnections();
    langfuse.close(done);
  });
  const called = (name: string) => fake.calls.filter((call) => call.name === name);

  it("makes keys and project, cleans up its task, and routes the department", async () => {
    assert.deepEqual(await handler(ensure), { projectId: "engineering", routesChanged: true });
    const [registered] = called("RegisterTaskDefinition");
    const text = JSON.stringify(registered!.input);
    const { secretKey, userPassword } = JSON.parse(store.get(secretName)!) as ProjectSecret;
    assert.ok(!text.includes(secretKey) && !text.includes(userPassword), "secrets go by reference");
    assert.equal(registered!.input.family, "example-platform-langfuse-init");
    assert.equal(registered!.input.executionRoleArn, process.env["EXECUTION_ROLE"], "not the service's own role");
    const containers = registered!.input.containerDefinitions as { name: string }[];
    assert.deepEqual(
      containers.map(({ name }) => name),
      ["trust", "proxy", "langfuse"],
    );
    assert.deepEqual([called("StopTask").length, called("DeregisterTaskDefinition").length], [1, 1]);
    assert.match(store.get("cline/example/platform/collector-config")!, /traces\/engineering/);
  });

  it("hands keys to a Langfuse of the trusted authority only", async () => {
    await handler(ensure);
    process.env["LANGFUSE_CA"] = (await issueCertificate()).chain;
    startFails = true;
    await assert.rejects(handler(ensure), /no task for engineering/, "an unverified answer is none");
  });

  it("changes nothing when repeated", async () => {
    await handler(ensure);
    const writes = called("PutSecretValue").length;
    assert.deepEqual(await handler(ensure), { projectId: "engineering", routesChanged: false });
    assert.equal(called("PutSecretValue").length, writes);
    assert.equal(called("RunTask").length, 1);
  });

  it("restarts the collector when a department begins to keep text", async () => {
    await handler(ensure);
    assert.equal((await handler({ ...ensure, keepPromptText: true })).routesChanged, true);
    assert.equal(called("UpdateService").length, 2);
    assert.equal(called("RunTask").length, 1, "keys and project stay");
  });

  it("says why no task started, and leaves no definition behind; the next run goes on with the same keys", async () => {
    startFails = true;
    await assert.rejects(handler(ensure), /no task for engineering: RESOURCE:ENI/);
    assert.equal(called("DeregisterTaskDefinition").length, 1);
    const keys = store.get(secretName);
    startFails = false;
    await handler(ensure);
    assert.equal(store.get(secretName), keys);
  });

  it("writes the routes again when an overlapping run has left the department out", async () => {
    let stale = 1;
    overlapping = (secret) => (secret.endsWith("collector-config") && stale-- > 0 ? "receivers: {}" : undefined);
    assert.equal((await handler(ensure)).routesChanged, true);
    assert.match(store.get("cline/example/platform/collector-config")!, /traces\/engineering/);
  });

  it("drops a department whose secret is gone, at the next hour", async () => {
    await handler(ensure);
    store.delete(secretName);
    assert.deepEqual(await handler({ action: "sync" }), { routesChanged: true });
    assert.ok(!store.get("cline/example/platform/collector-config")!.includes("engineering"));
  });
});
