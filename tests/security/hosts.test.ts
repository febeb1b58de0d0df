import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { planDomains } from "../../components/network/domains";
import { planEndpoints } from "../../components/network/endpoints";
import { networkScope } from "../../compose";
import { gatewayHost, tracesZone, type StackSpec } from "../../config";
import { stackFileJsonSchema } from "../../config/json-schema";
import { listed } from "../support/resources";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { departmentSpec, platformSpec } from "../support/specs";
import { lambdaService } from "./calls/documented";
import { byAccount, variant, variants } from "./variants";
import { worldOf, type World, type WorldRole } from "./world";

/** What AWS's services do with a role of ours from outside the network: Lambda attaches functions and keeps failed runs; RDS is no API call. */
const doneByAws = new Set([
  ...lambdaService.inVpc.actions,
  "sqs:SendMessage",
  "rds-db:connect",
  // ECS and EC2 ask for these in the caller's name when a task or an instance starts.
  "iam:PassRole",
  "kms:CreateGrant",
  // Secrets Manager invokes a rotation; it asks the caller of RotateSecret for the permission.
  "lambda:InvokeFunction",
]);

const endpointsOf: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ["monitoring"],
  ecr: ["ecr.api", "ecr.dkr"],
};

/** Roles whose credentials are used inside a network: of functions with a VPC, of ECS tasks and of instances. */
function rolesInside(world: World, stacks: readonly DeployedStack[]): readonly WorldRole[] {
  const arns = new Set<unknown>();
  const profiles = new Map<unknown, unknown>();
  for (const { resources } of stacks) {
    for (const { type, inputs, id } of resources) {
      if (type === "aws:lambda/function:Function" && inputs["vpcConfig"] !== undefined) arns.add(inputs["role"]);
      if (type === "aws:ecs/taskDefinition:TaskDefinition")
        arns.add(inputs["taskRoleArn"]).add(inputs["executionRoleArn"]);
      if (type === "aws:iam/instanceProfile:InstanceProfile") profiles.set(id, inputs["role"]);
    }
  }
  const names = new Set(profiles.values());
  return [...world.roles.values()].filter(({ arn, name }) => arns.has(arn) || names.has(name));
}

const allowedBy = (policies: readonly { readonly document: World["all"][number]["document"] }[]): readonly string[] =>
  policies.flatMap(({ document }) =>
    document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => listed(Action)),
  );

const needsOf = (world: World, stacks: readonly DeployedStack[]) =>
  rolesInside(world, stacks).flatMap((role) =>
    allowedBy(role.policies)
      .filter((action) => !doneByAws.has(action))
      .flatMap((action) => {
        const prefix = action.split(":")[0] ?? "";
        // Invoking, and the guardrail of an invocation, are the runtime's; everything else of Bedrock is the control plane's.
        const services = /^bedrock:(Invoke|ApplyGuardrail$)/.test(action) ? ["bedrock-runtime"] : endpointsOf[prefix];
        return (services ?? [prefix]).map((service) => ({ role: role.name, action, service }));
      }),
  );

describe("endpoints", () => {
  const hold = (stacks: readonly DeployedStack[]): void => {
    const world = worldOf(stacks);
    const missing = needsOf(world, stacks).filter(({ service, action }) => {
      const endpoint = world.endpoints.get(service);
      return endpoint === undefined || !allowedBy([endpoint]).includes(action);
    });
    assert.deepEqual(missing, []);
  };

  it("let every role inside do what its policy allows", async () => hold(await fixturesDeployed()));
  for (const name of variants) it(`let it with ${name}`, async () => byAccount(await variant(name)).forEach(hold));

  it("let nothing pass that no role inside needs", async () => {
    const stacks = await fixturesDeployed();
    const world = worldOf(stacks);
    const needed = new Set(needsOf(world, stacks).map(({ service, action }) => `${service} ${action}`));
    const idle = [...world.endpoints].flatMap(([service, endpoint]) =>
      allowedBy([endpoint])
        .map((action) => `${service} ${action}`)
        // Every SDK may ask who it is; no policy has to allow it.
        .filter((pair) => pair !== "sts sts:GetCallerIdentity" && !needed.has(pair)),
    );
    assert.deepEqual(idle, []);
  });

  it("stand for every AWS client that a function inside is built with", async () => {
    const stacks = await fixturesDeployed();
    const services = new Set(planEndpoints(networkScope(stacks[0]!.spec)).map(({ service }) => service));
    const clients: Readonly<Record<string, string>> = { cloudwatch: "monitoring", "secrets-manager": "secretsmanager" };
    const inside = new Set(
      stacks.flatMap(({ resources }) =>
        resources
          .filter(({ type, inputs }) => type === "aws:lambda/function:Function" && inputs["vpcConfig"] !== undefined)
          .map(({ inputs }) => String(inputs["name"]).replace(/^example-[a-z-]*?platform-/, "")),
      ),
    );
    const root = path.join(__dirname, "../../functions");
    const files = (folder: string) => readdirSync(path.join(root, folder)).map((file) => path.join(root, folder, file));
    let seen = 0;
    for (const folder of readdirSync(root).filter((name) => [...inside].some((purpose) => purpose.endsWith(name)))) {
      for (const file of files(folder).filter((name) => name.endsWith(".ts"))) {
        for (const [, client = ""] of readFileSync(file, "utf8").matchAll(/@aws-sdk\/client-([a-z0-9-]+)"/g)) {
          seen += 1;
          assert.ok(services.has(clients[client] ?? client), `${file}: ${client} has no endpoint`);
        }
      }
    }
    assert.ok(seen > 5, String(seen));
  });
});

const covers = (domain: string, host: string) =>
  domain === host || (domain.startsWith("*.") && host.endsWith(domain.slice(1)) && host.length > domain.length - 1);
const resolves = (spec: StackSpec, host: string) =>
  planDomains(networkScope(spec)).some((domain) => covers(domain, host));

describe("names that resolve", () => {
  it("are all that the configuration of any stack calls", async () => {
    for (const stacks of [await fixturesDeployed(), ...(await Promise.all(variants.map(variant)))]) {
      for (const { spec } of stacks.filter(({ spec }) => spec.network !== undefined)) {
        const gateway = spec.gateway ? spec.stack : spec.platform.stack;
        const traces = tracesZone(spec.stack, spec.platform.organization);
        const hosts = [
          gatewayHost(gateway, spec.platform),
          ...(spec.observability ? [`collector.${traces}`, `langfuse.${traces}`] : []),
          `x.cluster-abc.${spec.region}.rds.amazonaws.com`,
          "master.x.abc.apne1.cache.amazonaws.com",
          `example-platform-artifacts.s3.${spec.region}.amazonaws.com`,
          `prod-${spec.region}-starport-layer-bucket.s3.${spec.region}.amazonaws.com`,
          ...planEndpoints(networkScope(spec)).flatMap((endpoint) => endpoint.hosts),
        ];
        for (const host of hosts) assert.ok(resolves(spec, host), `${spec.stack}: ${host}`);
        for (const host of [
          "example.org",
          "attacker.com",
          "amazonaws.com",
          "x.s3.us-east-1.amazonaws.com",
          "cline.bot",
          "x.git.cline.example.com",
        ]) {
          assert.ok(!resolves(spec, host), `${spec.stack}: ${host} resolves`);
        }
      }
    }
  });

  it("are exact where they are the company's own", async () => {
    const [platform] = await variant("hosts of the company's own");
    for (const host of ["clickhouse.cline.example.com", "git.cline.example.com"]) {
      assert.ok(resolves(platform!.spec, host), host);
      assert.ok(!resolves(platform!.spec, `x.${host}`), host);
    }
    // An address needs no name.
    const spec = platformSpec({ "cline:observability": { clickHouseUrl: "https://10.64.0.9:8443" } });
    assert.ok(!planDomains(networkScope(spec)).some((domain) => domain.includes("10.64.0.9")));
  });
});

/** A setting that takes a host, or a URL, by what becomes of it. A key that takes one and stands in no row fails the test. */
const host = "store.cline.example.com";
const service = "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718";
const called: Readonly<Record<string, { readonly spec: StackSpec; readonly host: string }>> = {
  "cline:observability.clickHouseUrl": {
    spec: platformSpec({ "cline:observability": { clickHouseUrl: `https://${host}:8443` } }),
    host,
  },
  "cline:platform.domain": {
    spec: platformSpec({ "cline:platform": { domain: host } }),
    host: `gateway.platform.${host}`,
  },
  "cline:department.sourceHosts.*[]": {
    spec: departmentSpec({
      "cline:network": { cidr: "10.65.0.0/20" },
      "cline:department": { workspace: { sources: [service] }, sourceHosts: { [service]: [host] } },
    }),
    host,
  },
};
/** Settings that take any text of this form; nothing in a network calls it. */
const text = [
  /^cline:platform\.extraBudgets\[\]\.reason$/,
  /^cline:platform\.timeZone$/,
  // What the agent is told. A host in it resolves only where another setting admits it: the network stays closed.
  /^cline:platform\.agent\./,
  /^cline:department\.costCenter$/,
  /^cline:department\.developers\.\*\.(signIn|sshPublicKey)$/,
];

/** Paths of every text in the stack files' schema, with the patterns that it must match. */
function textsOf(schema: JsonNode, path = ""): readonly (readonly [path: string, pattern: string | undefined])[] {
  const below = (node: JsonNode | undefined, name: string) => (typeof node === "object" ? textsOf(node, name) : []);
  const join = (name: string) => (path === "" || path === "config" ? name : `${path}.${name}`);
  return [
    ...(schema.type === "string" && schema.enum === undefined && schema.const === undefined
      ? [[path, schema.pattern] as const]
      : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, node]) => below(node, join(name))),
    ...below(schema.additionalProperties, join("*")),
    ...below(schema.items, `${path}[]`),
    ...[...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((node) => below(node, path)),
  ];
}
interface JsonNode {
  readonly type?: string;
  readonly pattern?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonNode>>;
  readonly additionalProperties?: JsonNode;
  readonly items?: JsonNode;
  readonly anyOf?: readonly JsonNode[];
  readonly allOf?: readonly JsonNode[];
}

describe("settings that hold a host", () => {
  const all = textsOf(JSON.parse(stackFileJsonSchema()) as JsonNode);
  const takesHost = all
    .filter(([, pattern]) => [host, `https://${host}`].some((value) => new RegExp(pattern ?? "", "u").test(value)))
    .map(([path]) => path)
    .filter((path) => path.startsWith("cline:"));

  it("are all known here", () => {
    assert.ok(all.length > 40, String(all.length));
    const unknown = takesHost.filter((path) => !(path in called) && !text.some((known) => known.test(path)));
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      Object.keys(called).filter((path) => !takesHost.includes(path)),
      [],
    );
  });

  for (const [path, { spec, host: name }] of Object.entries(called)) {
    it(`resolve in the network: ${path}`, () => {
      assert.ok(resolves(spec, name), planDomains(networkScope(spec)).join(" "));
    });
  }
});
