import assert from "node:assert/strict";
import { fixturesDeployed, type DeployedStack } from "../support/deployed";
import { reachability, type NetworkResource } from "./reachability";
import { variant, variants } from "./variants";

/** What works outside the networks on purpose, each a standing exemption of the pack: what it calls has no endpoint, or it fetches from outside. */
const outside =
  /^(artifacts-builder|artifacts-mirror-function|budget-stop-function-function|gateway-certificate-issuer-function|usage-bill-reader-function): runs outside the network$/;

/** The functions that call LiteLLM's management. */
const managers = [
  "gateway-batch-runner-function",
  "gateway-keys-access-reconciler-function",
  "gateway-keys-gateway-canary-function",
  "gateway-keys-key-admin-function",
  "gateway-keys-key-rotation-function",
  "usage-spend-check-function",
  "usage-usage-report-function",
];

const all = (stacks: readonly DeployedStack[]): readonly NetworkResource[] =>
  stacks.flatMap(({ resources }) => resources);
const findingsOf = (resources: readonly NetworkResource[], company: readonly string[] = []): readonly string[] =>
  reachability(resources, company).findings.filter((finding) => !outside.test(finding));

describe("reachability", () => {
  let deployed: readonly NetworkResource[];
  before(async () => {
    deployed = all(await fixturesDeployed());
  });

  it("finds no way out of the fixture networks", () => {
    assert.deepEqual(findingsOf(deployed), []);
  });

  for (const name of variants) {
    it(`finds no way out with ${name}`, async () => {
      assert.deepEqual(findingsOf(all(await variant(name)), ["cline.example.com"]), []);
    });
  }

  it("leads from a workspace to endpoints, S3 and the gateway only", () => {
    const { workspaces } = reachability(deployed);
    assert.equal(workspaces.size, 9);
    for (const [name, targets] of workspaces) {
      assert.deepEqual(targets, ["S3:443", "gateway-load-balancer-group:443", "network-endpoints-group:443"], name);
    }
  });

  it("leads to a gateway's management from its own functions only", async () => {
    assert.deepEqual(reachability(deployed).managers, managers);
    for (const name of variants) {
      const found = new Set(reachability(all(await variant(name))).managers);
      assert.deepEqual([...found], managers, name);
    }
  });

  it("leads from a workspace to its declared sources besides", async () => {
    const { workspaces } = reachability(all(await variant("sources of code")));
    for (const [name, targets] of workspaces) {
      const more = targets.filter(
        (target) => !/^(S3|gateway-load-balancer-group|network-endpoints-group):443$/.test(target),
      );
      assert.equal(more.length, 1, name);
      assert.match(more[0]!, /source.*codecommit.*:443$/);
    }
  });

  it("leads from a workspace in a network of its own to endpoints and S3 only, the gateway among them", async () => {
    const { workspaces } = reachability(all(await variant("a department with a network of its own")));
    for (const targets of workspaces.values()) assert.deepEqual(targets, ["S3:443", "network-endpoints-group:443"]);
  });
});

/** A change that opens a network, and what the analysis must say of it. */
type Spoil = (resources: readonly NetworkResource[]) => readonly NetworkResource[];
const add =
  (type: string, inputs: Readonly<Record<string, unknown>> = {}): Spoil =>
  (resources) => [...resources, { type, name: "spoiled", id: "spoiled-1", inputs, outputs: {} }];
const change =
  (match: RegExp, inputs: Readonly<Record<string, unknown>>): Spoil =>
  (resources) => {
    let changed = 0;
    const result = resources.map((resource) => {
      if (!match.test(`${resource.type} ${resource.name}`) || changed > 0) return resource;
      changed += 1;
      return { ...resource, inputs: { ...resource.inputs, ...inputs } };
    });
    assert.equal(changed, 1, `nothing matches ${String(match)}`);
    return result;
  };
const drop =
  (match: RegExp): Spoil =>
  (resources) => {
    const kept = resources.filter(({ type, name }) => !match.test(`${type} ${name}`));
    assert.ok(kept.length < resources.length, `nothing matches ${String(match)}`);
    return kept;
  };

const spoils: Readonly<Record<string, readonly [Spoil, RegExp]>> = {
  "an internet gateway": [add("aws:ec2/internetGateway:InternetGateway"), /InternetGateway leads out/],
  "a NAT gateway": [add("aws:ec2/natGateway:NatGateway"), /NatGateway leads out/],
  "an egress-only gateway": [add("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"), /leads out/],
  "a peering": [add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection"), /leads out/],
  "an address": [add("aws:ec2/eip:Eip"), /Eip leads out/],
  "a function's public URL": [add("aws:lambda/functionUrl:FunctionUrl"), /leads out/],
  "a resolver that forwards": [add("aws:route53/resolverEndpoint:ResolverEndpoint"), /leads out/],
  "a route": [add("aws:ec2/route:Route", { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }), /a route to/],
  "a route in the table": [
    change(/RouteTable network-routes$/, { routes: [{ cidrBlock: "0.0.0.0/1", natGatewayId: "nat-1" }] }),
    /a route to/,
  ],
  "a route in the default table": [
    change(/DefaultRouteTable/, { routes: [{ cidrBlock: "10.9.0.0/16", vpcPeeringConnectionId: "pcx-1" }] }),
    /a route to/,
  ],
  "public addresses by default": [change(/Subnet network-subnet/, { mapPublicIpOnLaunch: true }), /public addresses/],
  IPv6: [change(/Subnet network-subnet/, { ipv6CidrBlock: "2001:db8::/64" }), /public IPv6/],
  "a subnet without routes of its own": [
    drop(/RouteTableAssociation network-routes-apne1-az1/),
    /no routes of its own/,
  ],
  "a subnet without its ACL": [drop(/NetworkAcl network-acl/), /no ACL of its own/],
  "a workspace with a public address": [
    change(/Instance tanaka-instance/, { associatePublicIpAddress: true }),
    /public address/,
  ],
  "a workspace in another subnet": [
    change(/Instance tanaka-instance/, { subnetId: "subnet-0" }),
    /none of our subnets/,
  ],
  "a load balancer that faces the internet": [
    change(/lb\/loadBalancer:LoadBalancer gateway/, { internal: false }),
    /faces the internet/,
  ],
  "a service with a public address": [
    change(/ecs\/service:Service gateway/, { networkConfiguration: { assignPublicIp: true, subnets: [] } }),
    /public address/,
  ],
  "a function outside": [
    change(/lambda\/function:Function gateway-keys-key-rotation/, { vpcConfig: undefined }),
    /runs outside the network/,
  ],
  "a rule to everywhere": [
    add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }),
    /outside the network/,
  ],
  "a rule to half of everywhere": [
    add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { cidrIpv4: "128.0.0.0/1" }),
    /outside the network/,
  ],
  "a rule to IPv6": [
    add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { cidrIpv6: "::/0" }),
    /outside the network/,
  ],
  "a rule to another prefix list": [
    add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { prefixListId: "pl-0" }),
    /not S3's prefix list/,
  ],
  "a rule to another's group": [
    add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { referencedSecurityGroupId: "sg-0" }),
    /no group of ours/,
  ],
  "an inline rule": [
    change(/SecurityGroup tanaka-group/, { egress: [{ cidrBlocks: ["0.0.0.0/0"], protocol: "-1" }] }),
    /outside the network/,
  ],
  "a wider ACL": [
    change(/NetworkAcl network-acl/, {
      egress: [{ action: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0", fromPort: 0, toPort: 0 }],
    }),
    /more than S3 needs/,
  ],
  "SSH through the ACL": [
    change(/NetworkAcl network-acl/, {
      ingress: [{ action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0", fromPort: 22, toPort: 22 }],
    }),
    /more than S3 needs/,
  ],
  "a name of somebody else's": [
    change(/DomainList network-dns-needed/, { domains: ["*.example.org"] }),
    /somebody outside answers/,
  ],
  "every name under com": [change(/DomainList network-dns-needed/, { domains: ["*.com"] }), /somebody outside answers/],
  "a firewall that fails open": [
    change(/ResolverFirewallConfig/, { firewallFailOpen: "ENABLED" }),
    /when the DNS firewall fails/,
  ],
  "a firewall that is not associated": [drop(/RuleGroupAssociation network-dns/), /names that no rule names/],
  "a firewall that only alerts": [
    change(/FirewallRule network-dns-block/, { action: "ALERT" }),
    /names that no rule names/,
  ],
  "a firewall whose last word is to allow": [
    change(/FirewallRule network-dns-block/, { priority: 50 }),
    /names that no rule names/,
  ],
};

describe("reachability of spoiled networks", () => {
  let deployed: readonly NetworkResource[];
  before(async () => {
    deployed = all(await fixturesDeployed());
  });
  for (const [name, [spoil, said]] of Object.entries(spoils)) {
    it(`notices ${name}`, () => {
      const findings = findingsOf(spoil(deployed));
      assert.ok(
        findings.some((finding) => said.test(finding)),
        findings.join("\n") || "nothing found",
      );
    });
  }

  it("notices whoever may reach the gateway's management", () => {
    const gateway = deployed.find(({ name }) => name === "gateway-load-balancer-group")!;
    const functions = deployed.find(({ name }) => name === "gateway-load-balancer-management-group")!;
    const own = deployed.find(({ name }) => name === "tanaka-group")!;
    const rule = { securityGroupId: gateway.id, ipProtocol: "tcp", fromPort: 443, toPort: 8443 };
    const into = (more: Readonly<Record<string, unknown>>) =>
      add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...rule, ...more });
    const more = (spoil: Spoil) => reachability(spoil(deployed)).managers.filter((name) => !managers.includes(name));
    assert.deepEqual(more(into({ cidrIpv4: "10.64.0.0/16" })), ["10.64.0.0/16"]);
    assert.deepEqual(more(into({ referencedSecurityGroupId: own.id })), ["tanaka-instance"]);
    assert.deepEqual(more(change(/Instance tanaka-instance/, { vpcSecurityGroupIds: [own.id, functions.id] })), [
      "tanaka-instance",
    ]);
    const open = add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
      securityGroupId: own.id,
      referencedSecurityGroupId: gateway.id,
      fromPort: 8443,
      toPort: 8443,
    });
    assert.ok(
      reachability(open(deployed))
        .workspaces.get("tanaka-instance")
        ?.includes("gateway-load-balancer-group:8443 (refused)"),
    );
  });

  it("notices a workspace that may reach another", () => {
    const group = deployed.find(({ name }) => name === "suzuki-group")!;
    const own = deployed.find(({ name }) => name === "tanaka-group")!;
    const open = add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
      securityGroupId: own.id,
      referencedSecurityGroupId: group.id,
      fromPort: 22,
      toPort: 22,
    });
    assert.ok(reachability(open(deployed)).workspaces.get("tanaka-instance")?.includes("suzuki-group:22 (refused)"));
  });
});
