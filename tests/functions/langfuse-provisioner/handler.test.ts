import assert from "node:assert/strict";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { handler } from "../../../functions/langfuse-provisioner/handler";
import type { AccountSecret } from "../../../functions/langfuse-provisioner/account";
import type { ContainerLike } from "../../../functions/langfuse-provisioner/init-containers";
import type { ProjectSecret } from "../../../functions/langfuse-provisioner/project";
import type { Issued } from "../../../functions/certificate/issue";
import { awsError, fakeAws } from "../../support/aws-calls";
import { issueCertificate } from "../../support/certificate";
import { LangfuseStandIn } from "./stand-in";

const secretName = "cline/example/engineering/langfuse";
const ensure = { action: "ensure", department: "engineering", secretName, keepPromptText: false } as const;
const accountOf = (person: string, department = "engineering") =>
  ({
    action: "account",
    department,
    person,
    secretName: `cline/example/${department}/${person}/langfuse-account`,
  }) as const;

describe("langfuse-provisioner", () => {
  let langfuse: LangfuseStandIn;
  let fake: ReturnType<typeof fakeAws>;
  /** Secrets Manager's content. */
  let store: Map<string, string>;
  let startFails: boolean;
  let identity: Issued;
  /** What another run writes to a secret right after this one; undefined: nothing. */
  let overlapping: (secret: string) => string | undefined;

  /** Starts Langfuse with the container's environment, as ECS does: secrets are injected by ARN and field. */
  const startTask = (containers: readonly ContainerLike[]) => {
    const { environment = [], secrets = [] } = containers.find(({ name }) => name === "langfuse") ?? {};
    const injected = secrets.map(({ name = "", valueFrom = "" }) => {
      const [, id = "", field = ""] = /^arn:(.*):(\w+)::$/.exec(valueFrom) ?? [];
      return [name, (JSON.parse(store.get(id)!) as Record<string, string>)[field]!] as const;
    });
    const plain = environment.map(({ name = "", value = "" }) => [name, value] as const);
    langfuse.start(Object.fromEntries([...plain, ...injected]));
  };

  before(async () => {
    identity = await issueCertificate();
  });
  beforeEach(async () => {
    overlapping = () => undefined;
    store = new Map();
    startFails = false;
    langfuse = new LangfuseStandIn(identity);
    Object.assign(process.env, {
      ORGANIZATION: "example",
      LANGFUSE_CA: identity.chain,
      LANGFUSE_URL: await langfuse.open(),
      TASK_FAMILY: "example-platform-langfuse",
      EXECUTION_ROLE: "arn:aws:iam::111122223333:role/cline/example-platform-langfuse-init-execution",
      CLUSTER: "example-platform-traces",
      SUBNETS: "subnet-1,subnet-2",
      SECURITY_GROUP: "sg-1",
      COLLECTOR_CONFIG_ID: "cline/example/platform/collector-config",
      COLLECTOR_SERVICE: "example-platform-collector",
    });
    let registered: readonly ContainerLike[] = [];
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
      RegisterTaskDefinition: ({ containerDefinitions }) => {
        registered = containerDefinitions as readonly ContainerLike[];
        return { taskDefinition: { taskDefinitionArn: "arn:init:1" } };
      },
      RunTask: () => {
        if (startFails) return { tasks: [], failures: [{ reason: "RESOURCE:ENI" }] };
        startTask(registered);
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
  afterEach(async () => {
    fake.restore();
    await langfuse.close();
  });
  const called = (name: string) => fake.calls.filter((call) => call.name === name);
  const stored = (person: string, department?: string) =>
    JSON.parse(store.get(accountOf(person, department).secretName)!) as AccountSecret;

  it("makes keys and project, cleans up its task, and routes the department", async () => {
    assert.deepEqual(await handler(ensure), { projectId: "engineering", routesChanged: true });
    const [registered] = called("RegisterTaskDefinition");
    const text = JSON.stringify(registered!.input);
    const { secretKey } = JSON.parse(store.get(secretName)!) as ProjectSecret;
    assert.ok(!text.includes(secretKey), "secrets go by reference");
    assert.equal(langfuse.users.size, 0, "a project alone has no account");
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
    await assert.rejects(handler(ensure), /no task for the project of engineering/, "an unverified answer is none");
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
    await assert.rejects(handler(ensure), /no task for the project of engineering: RESOURCE:ENI/);
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

  it("takes the account of earlier releases out of a department's secret, and leaves its keys", async () => {
    await handler(ensure);
    const now = store.get(secretName)!;
    const earlier = { ...(JSON.parse(now) as object), userEmail: "alerts@example.com", userPassword: "hunter2" };
    store.set(secretName, JSON.stringify(earlier));
    await handler(ensure);
    assert.equal(store.get(secretName), now);
    assert.equal(called("RunTask").length, 1);
  });

  it("makes an account for each person, an owner of the own department alone", async () => {
    await handler(ensure);
    for (const event of [accountOf("sato"), accountOf("ono"), accountOf("ueda", "design")]) {
      assert.deepEqual(await handler(event), { account: event.person });
    }
    const [sato, ono, ueda] = [stored("sato"), stored("ono"), stored("ueda", "design")];
    assert.deepEqual([...langfuse.owners.get("engineering")!], [sato.user, ono.user]);
    assert.deepEqual([...langfuse.owners.get("design")!], [ueda.user]);
    assert.equal(new Set([sato, ono, ueda].map(({ password }) => password)).size, 3);
    const sent = JSON.stringify([...called("RegisterTaskDefinition"), ...called("RunTask")]);
    for (const { password } of [sato, ono, ueda]) assert.ok(!sent.includes(password), "passwords go by reference");
    assert.deepEqual([called("StopTask").length, called("DeregisterTaskDefinition").length], [4, 4]);
    assert.equal(langfuse.keys.size, 1, "an account makes no project");
  });

  it("changes no account that signs in, and makes one again that Langfuse has lost", async () => {
    await handler(accountOf("sato"));
    const first = stored("sato");
    await handler(accountOf("sato"));
    assert.equal(called("RunTask").length, 1);
    langfuse.users.clear();
    await handler(accountOf("sato"));
    assert.deepEqual([called("RunTask").length, stored("sato")], [2, first]);
  });

  it("gives a person who comes back another account: the old one keeps a password that may be known", async () => {
    await handler(accountOf("sato"));
    const left = stored("sato");
    store.delete(accountOf("sato").secretName);
    await handler(accountOf("sato"));
    assert.notEqual(stored("sato").user, left.user);
    assert.equal(langfuse.users.get(left.user), left.password);
  });

  it("hands a password to a Langfuse of the trusted authority only", async () => {
    await handler(accountOf("sato"));
    process.env["LANGFUSE_CA"] = (await issueCertificate()).chain;
    startFails = true;
    await assert.rejects(handler(accountOf("sato")), /no task for the account of sato of engineering: RESOURCE:ENI/);
  });

  it("routes no account as if it were a project", async () => {
    await handler(ensure);
    await handler(accountOf("sato"));
    assert.deepEqual(await handler({ action: "sync" }), { routesChanged: false });
    assert.ok(!store.get("cline/example/platform/collector-config")!.includes(stored("sato").password));
  });
});
