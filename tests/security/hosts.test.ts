import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { planDomains } from "../../components/network/domains";
import { planEndpoints } from "../../components/network/endpoints";
import { networkScope } from "../../compose";
import { gatewayHost, tracesZone } from "../../config";
import { listed } from "../support/resources";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { variant, variants } from "./variants";
import { worldOf, type World, type WorldRole } from "./world";

/** What AWS's services do with a role of ours from outside the network: Lambda attaches functions and keeps failed runs; RDS is no API call. */
const doneByAws = new Set([
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  "sqs:SendMessage",
  "rds-db:connect",
  // ECS and EC2 ask for these in the caller's name when a task or an instance starts.
  "iam:PassRole",
  "kms:CreateGrant",
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
        // Invoking is the runtime's, everything else of Bedrock the control plane's.
        const services = action.startsWith("bedrock:Invoke") ? ["bedrock-runtime"] : endpointsOf[prefix];
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
  for (const name of variants) it(`let it with ${name}`, async () => hold(await variant(name)));

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

describe("names that resolve", () => {
  const covers = (domain: string, host: string) =>
    domain === host || (domain.startsWith("*.") && host.endsWith(domain.slice(1)) && host.length > domain.length - 1);

  it("are all that the configuration of any stack calls", async () => {
    for (const stacks of [await fixturesDeployed(), ...(await Promise.all(variants.map(variant)))]) {
      for (const { spec } of stacks.filter(({ spec }) => spec.network !== undefined)) {
        const domains = planDomains(networkScope(spec));
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
        for (const host of hosts)
          assert.ok(
            domains.some((domain) => covers(domain, host)),
            `${spec.stack}: ${host}`,
          );
        for (const host of [
          "example.org",
          "attacker.com",
          "amazonaws.com",
          "x.s3.us-east-1.amazonaws.com",
          "cline.bot",
        ]) {
          assert.ok(!domains.some((domain) => covers(domain, host)), `${spec.stack}: ${host} resolves`);
        }
      }
    }
  });
});
