import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { programsOf, type Planned } from "./transport/programs";
import { serversOf, targetGroups } from "./transport/servers";
import { judgeProgram } from "./transport/settings";
import { exceptions, markdown } from "./transport/table";
import { waysOf } from "./transport/ways";
import { byAccount, variant, variants } from "./variants";

/** Every hop of one account's plan. */
function judge(resources: readonly Planned[]) {
  const servers = serversOf(resources);
  const ways = waysOf(resources, servers);
  const told = programsOf(resources).map(judgeProgram);
  const targets = targetGroups(resources);
  return {
    read: {
      servers: servers.length,
      rules: ways.read,
      settings: told.reduce((sum, { read }) => sum + read, 0),
      targets: targets.length,
    },
    faults: [
      ...servers.flatMap(({ name, port, faults }) => faults.map((fault) => `${name} ${String(port)}: ${fault}`)),
      ...ways.faults,
      ...targets.flatMap(({ faults }) => faults),
      ...told.flatMap(({ faults }) => faults),
    ],
    used: new Set([
      ...servers.flatMap((server) => server.exceptions),
      ...ways.exceptions,
      ...targets.map(({ exception }) => exception),
      ...told.flatMap((each) => each.exceptions),
    ]),
  };
}

const ofAll = (stacks: readonly DeployedStack[]) => stacks.flatMap(({ resources }) => resources);

describe("transport", () => {
  const hold = (stacks: readonly DeployedStack[]): ReadonlySet<string> => {
    const { read, faults, used } = judge(ofAll(stacks));
    assert.deepEqual(faults, []);
    for (const [what, count] of Object.entries(read)) assert.ok(count > 0, what);
    return used;
  };
  it("is verified TLS on every hop, or stands in the table of exceptions", async () => {
    hold(await fixturesDeployed());
  });
  for (const name of variants)
    it(`is so with ${name}`, async () => {
      for (const stacks of byAccount(await variant(name))) hold(stacks);
    });

  it("needs every exception of the table", async () => {
    const shapes = await Promise.all([
      fixturesDeployed(),
      variant("a department with a network of its own"),
      variant("hosts of the company's own"),
    ]);
    const used = new Set(shapes.flatMap((stacks) => [...hold(stacks)]));
    assert.deepEqual([...used].sort(), Object.keys(exceptions).sort());
  });

  it("is told in docs/security.md by the very tables that the plan is held against", () => {
    const page = readFileSync(path.join(__dirname, "../../docs/security.md"), "utf8");
    assert.ok(page.includes(markdown()), `docs/security.md, "Transport", should have:\n${markdown()}`);
  });
});

type Inputs = Record<string, unknown>;
type Spoil = readonly [
  what: string,
  type: string,
  name: RegExp,
  change: (inputs: Inputs, resource: Planned) => Inputs,
  fault: RegExp,
];

/** Replaces a text in an input, which must have it. */
const replaced = (property: string, from: string, to: string) => (inputs: Inputs) => {
  const text = String(inputs[property]);
  assert.ok(text.includes(from), `${property} has no ${from}`);
  return { ...inputs, [property]: text.replaceAll(from, to) };
};
const set = (more: Inputs) => (inputs: Inputs) => ({ ...inputs, ...more });
const port = (number: number) => set({ fromPort: number, toPort: number });
const task = ":TaskDefinition";
const definitions = (from: string, to: string) => replaced("containerDefinitions", from, to);
const userData = (from: string, to: string) => replaced("userData", from, to);
const variables = (more: Inputs) => (inputs: Inputs) => {
  const { variables: old } = inputs["environment"] as { variables: Inputs };
  return { ...inputs, environment: { variables: { ...old, ...more } } };
};

const spoiled: readonly Spoil[] = [
  [
    "an HTTP URL in a container",
    task,
    /collector/,
    definitions('"https://langfuse', '"http://langfuse'),
    /LANGFUSE_URL: http:/,
  ],
  [
    "an HTTP URL in a function",
    ":Function",
    /key-rotation/,
    variables({ GATEWAY_URL: "http://gateway.example.internal" }),
    /GATEWAY_URL: http:.*no TLS/,
  ],
  [
    "a workspace whose local gateway speaks no TLS",
    ":Instance",
    /^tanaka/,
    userData(" ssl verify required", ""),
    /HAProxy: "server-template gateway/,
  ],
  [
    "a download without TLS",
    ":Project",
    /artifacts/,
    (inputs) => {
      const environment = inputs["environment"] as { environmentVariables: { name: string; value: string }[] };
      const list = environment.environmentVariables.map((each) => ({
        ...each,
        value: each.value.replaceAll("https://github.com", "http://github.com"),
      }));
      return { ...inputs, environment: { ...environment, environmentVariables: list } };
    },
    /http:\/\/github\.com.*no TLS/,
  ],
  [
    "a native protocol to another host",
    task,
    /langfuse-web/,
    definitions("clickhouse://127.0.0.1:9000", "clickhouse://clickhouse.example:9000"),
    /CLICKHOUSE_MIGRATION_URL: clickhouse:/,
  ],
  [
    "a secret's text with an HTTP URL",
    ":SecretVersion",
    /gateway-connections/,
    (inputs) => inputs,
    /OTEL_ENDPOINT: http:/,
  ],
  [
    "sslmode=require without Prisma's own words",
    task,
    /langfuse-web/,
    definitions("&sslaccept=strict", ""),
    /DATABASE_ARGS: an sslmode that verifies nothing/,
  ],
  [
    "Prisma without a root",
    task,
    /langfuse-worker/,
    definitions("&sslcert=/etc/cline/trust/database.pem", ""),
    /DATABASE_ARGS: an sslmode/,
  ],
  [
    "sslmode=require for LiteLLM",
    task,
    /gateway-litellm-task/,
    definitions('"verify-full"', '"require"'),
    /DATABASE_HOST: no verified TLS/,
  ],
  [
    "PostgreSQL that takes plain connections",
    ":ClusterParameterGroup",
    /gateway/,
    set({ parameters: [] }),
    /force_ssl/,
  ],
  [
    "the set-up without RDS's roots",
    ":Function",
    /gateway-database-setup/,
    variables({ NODE_EXTRA_CA_CERTS: "" }),
    /DATABASE_HOST: no verified TLS/,
  ],
  [
    "Redis without TLS for LiteLLM",
    task,
    /gateway-litellm-task/,
    definitions('{"name":"REDIS_SSL","value":"True"}', '{"name":"REDIS_SSL","value":"False"}'),
    /REDIS_HOST: no verified TLS/,
  ],
  [
    "Redis without verification for Langfuse",
    task,
    /langfuse-worker/,
    definitions(
      '{"name":"REDIS_TLS_REJECT_UNAUTHORIZED","value":"true"}',
      '{"name":"REDIS_TLS_REJECT_UNAUTHORIZED","value":"false"}',
    ),
    /REDIS_HOST: no verified TLS/,
  ],
  [
    "Valkey that takes both",
    ":ReplicationGroup",
    /gateway/,
    set({ transitEncryptionMode: "preferred" }),
    /clients without TLS/,
  ],
  [
    "Valkey without TLS",
    ":ReplicationGroup",
    /langfuse/,
    set({ transitEncryptionEnabled: false }),
    /clients without TLS/,
  ],
  ["an HTTP target group", ":TargetGroup", /gateway/, set({ protocol: "HTTP" }), /its targets are sent HTTP/],
  ["an HTTP health check", ":TargetGroup", /gateway/, set({ healthCheck: { protocol: "HTTP" } }), /health check is no/],
  ["an HTTP listener", ":Listener", /gateway/, set({ protocol: "HTTP" }), /the listener speaks no HTTPS/],
  ["a listener of old TLS", ":Listener", /gateway/, set({ sslPolicy: "ELBSecurityPolicy-2016-08" }), /speaks no HTTPS/],
  ["ClickHouse's plain HTTP opened", ":SecurityGroupIngressRule", /langfuse-http$/, port(8123), /opens 8123/],
  ["ClickHouse's plain native port opened", ":SecurityGroupIngressRule", /langfuse-native$/, port(9000), /opens 9000/],
  ["ClickHouse's plain HTTP published", ":Instance", /clickhouse/, userData("8443:8443", "8443:8123"), /speaks no TLS/],
  [
    "ClickHouse without TLS",
    ":Instance",
    /clickhouse/,
    userData("https_port: 8443", "https_port: 8444"),
    /speaks no TLS there/,
  ],
  ["a port where nothing listens", ":SecurityGroupEgressRule", /to-collector$/, port(6379), /nothing that speaks TLS/],
  ["a range of ports", ":SecurityGroupIngressRule", /into-tasks/, set({ toPort: 4001 }), /more than one TCP port/],
  ["every protocol", ":SecurityGroupEgressRule", /^tanaka-to-s3/, set({ ipProtocol: "-1" }), /more than one TCP port/],
  ["rules inside a group", ":SecurityGroup", /gateway-cache/, set({ ingress: [] }), /not resources of their own/],
  [
    "an address range that is no external ClickHouse",
    ":SecurityGroupEgressRule",
    /gateway-to-cache/,
    set({ referencedSecurityGroupId: undefined, cidrIpv4: "0.0.0.0/0" }),
    /nothing that speaks TLS/,
  ],
  [
    "a sidecar that ends no TLS",
    task,
    /langfuse-web/,
    definitions(" ssl crt /run/haproxy/server.pem ssl-min-ver TLSv1.2", ""),
    /HAProxy: "bind :3443"/,
  ],
  [
    "a sidecar that verifies nothing",
    task,
    /langfuse-web/,
    definitions("verify required", "verify none"),
    /CONFIG: turns verification off/,
  ],
  [
    "an access node that checks no name",
    ":Instance",
    /access-node/,
    (inputs) => ({ ...inputs, userData: String(inputs["userData"]).replaceAll(/ verifyhost [^ ]+/g, "") }),
    /HAProxy: "server langfuse/,
  ],
  [
    "a web server on the network",
    task,
    /langfuse-web/,
    (inputs) => {
      const list = JSON.parse(String(inputs["containerDefinitions"])) as Inputs[];
      const web = list.map((each) =>
        each["name"] === "langfuse" ? { ...each, portMappings: [{ containerPort: 3000, protocol: "tcp" }] } : each,
      );
      return { ...inputs, containerDefinitions: JSON.stringify(web) };
    },
    /langfuse 3000: nothing says that this container speaks TLS/,
  ],
  [
    "a LiteLLM without certificate",
    task,
    /gateway-litellm-task/,
    definitions("SSL_CERTFILE_PATH", "SSL_CERT"),
    /LiteLLM has no certificate/,
  ],
  ["a collector without key", task, /collector/, definitions("TLS_KEY", "KEY"), /it is given no key/],
  [
    "a URL of a private host without its authority",
    ":Function",
    /langfuse-provisioner|collector-provisioner/,
    variables({ LANGFUSE_CA: "" }),
    /LANGFUSE_URL: nothing says which authority/,
  ],
  [
    "a workspace without the gateway's authority",
    ":Instance",
    /^tanaka/,
    userData("path: /etc/pki/ca-trust/source/anchors/cline-gateway.pem", "path: /etc/pki/other.pem"),
    /anchors\/cline-gateway\.pem is not there/,
  ],
  [
    "a curl that takes any certificate",
    ":Instance",
    /clickhouse/,
    userData("--silent --fail", "-k --fail"),
    /turns veri/,
  ],
  [
    "Node told to verify nothing",
    ":Function",
    /spend-check/,
    variables({ NODE_OPTIONS: "NODE_TLS_REJECT_UNAUTHORIZED=0" }),
    /turns verification off/,
  ],
];

describe("transport that is spoiled", () => {
  for (const [what, type, name, change, fault] of spoiled) {
    it(`is noticed: ${what}`, async () => {
      const resources = ofAll(await fixturesDeployed());
      const target = resources.find((each) => each.type.endsWith(type) && name.test(each.name));
      assert.ok(target, `${type} ${String(name)}`);
      const inputs = change({ ...target.inputs }, target);
      const secret = target.raw.inputs["secretString"] as { value: string } | undefined;
      const raw = secret
        ? { ...target.raw, inputs: { ...target.raw.inputs, secretString: secret.value.replaceAll("https:", "http:") } }
        : target.raw;
      const { faults } = judge(resources.map((each) => (each === target ? { ...target, inputs, raw } : each)));
      assert.ok(
        faults.some((each) => fault.test(each)),
        faults.join("\n") || "no fault",
      );
    });
  }
});
