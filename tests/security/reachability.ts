import { contains, parseCidr } from "../../config";

/** What the analysis reads of a resource. */
export interface NetworkResource {
  readonly type: string;
  readonly name: string;
  readonly id?: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What was found in the networks of all stacks. */
export interface Reachability {
  /** Ways out, one sentence each; none in a closed network. */
  readonly findings: readonly string[];
  /** What each workspace's own security groups let it open a connection to, by the workspace's name; sorted. */
  readonly workspaces: ReadonlyMap<string, readonly string[]>;
  /** Who the gateway's management listeners admit: names of functions, and whatever else may enter; sorted. */
  readonly managers: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const entries = (value: unknown): readonly Inputs[] =>
  list(value).filter((v): v is Inputs => typeof v === "object" && v !== null);
const kind = ({ type }: NetworkResource): string => type.split(":").at(-1) ?? type;

/** Resources that lead out of a VPC by being there, and those that let someone else's network in. */
const doors =
  /^(InternetGateway|InternetGatewayAttachment|EgressOnlyInternetGateway|NatGateway|Eip|EipAssociation|CarrierGateway|VpnGateway|VpnConnection|VpcPeeringConnection|PeeringConnectionOptions|VpcAttachment|InstanceConnectEndpoint|VpcIpv6CidrBlockAssociation|VpcBlockPublicAccessExclusion|FunctionUrl|ResolverEndpoint|ResolverRule|ResolverRuleAssociation|ResolverConfig|Gateway)$/;

/** Where a route may lead: the VPC itself is implied, S3's gateway endpoint routes itself. */
const routes = (resource: NetworkResource): readonly Inputs[] =>
  kind(resource) === "Route"
    ? [resource.inputs]
    : /RouteTable$/.test(kind(resource))
      ? entries(resource.inputs["routes"])
      : [];

/** Names that may resolve: AWS's, and zones that only the company or nobody outside answers. */
const harmless = (domain: string, company: readonly string[]): boolean =>
  /^(\*\.)?[a-z0-9*.-]+\.amazonaws\.com$/.test(domain) ||
  /^(\*\.)?([a-z0-9-]+\.)+internal$/.test(domain) ||
  company.some((own) => !domain.includes("*") && domain.endsWith(`.${own}`));

/**
 * Looks for every way out of the networks: doors, routes, addresses, rules and names. Pure; what is not known counts as open.
 * @param company domains whose name servers are the company's own.
 */
export function reachability(resources: readonly NetworkResource[], company: readonly string[] = []): Reachability {
  const findings: string[] = [];
  const of = (...kinds: string[]) => resources.filter((resource) => kinds.includes(kind(resource)));
  const say = (resource: NetworkResource, what: string) => findings.push(`${resource.name}: ${what}`);

  for (const resource of resources) {
    if (doors.test(kind(resource)) && resource.type.startsWith("aws:")) say(resource, `a ${kind(resource)} leads out`);
    for (const route of routes(resource)) say(resource, `a route to ${JSON.stringify(route)}`);
  }
  const vpcs = of("Vpc");
  const cidrs = [...vpcs, ...of("VpcIpv4CidrBlockAssociation")].map(({ inputs }) =>
    parseCidr(String(inputs["cidrBlock"])),
  );
  const inside = (cidr: unknown): boolean => {
    const range = typeof cidr === "string" ? parseCidr(cidr) : undefined;
    return range !== undefined && cidrs.some((vpc) => vpc !== undefined && contains(vpc, range));
  };
  for (const vpc of vpcs)
    if (vpc.inputs["assignGeneratedIpv6CidrBlock"] === true) say(vpc, "has public IPv6 addresses");

  addresses(resources, of, say);
  rules(of, inside, say);
  filters(of, inside, say);
  dns(of, company, say);
  return { findings, workspaces: reachOfWorkspaces(of), managers: managersOf(resources, of) };
}

type Of = (...kinds: string[]) => readonly NetworkResource[];
type Say = (resource: NetworkResource, what: string) => unknown;

/** Public addresses, and things placed outside the subnets. */
function addresses(resources: readonly NetworkResource[], of: Of, say: Say): void {
  const subnets = new Set(of("Subnet").map(({ id }) => id));
  const placed = (resource: NetworkResource, ids: unknown) => {
    for (const id of list(ids))
      if (!subnets.has(id as string)) say(resource, `stands in ${String(id)}, which is none of our subnets`);
  };
  for (const subnet of of("Subnet")) {
    if (subnet.inputs["mapPublicIpOnLaunch"] !== false) say(subnet, "may give public addresses");
    if (subnet.inputs["ipv6CidrBlock"] !== undefined) say(subnet, "has public IPv6 addresses");
    if (!of("RouteTableAssociation").some(({ inputs }) => inputs["subnetId"] === subnet.id))
      say(subnet, "has no routes of its own");
    if (!of("NetworkAcl").some(({ inputs }) => list(inputs["subnetIds"]).includes(subnet.id)))
      say(subnet, "has no ACL of its own");
  }
  for (const resource of resources) {
    const { inputs } = resource;
    switch (resource.type) {
      case "aws:ec2/instance:Instance":
        if (inputs["associatePublicIpAddress"] !== false) say(resource, "may have a public address");
        placed(resource, inputs["subnetId"]);
        break;
      case "aws:ecs/service:Service": {
        const [network] = entries(inputs["networkConfiguration"]);
        if (network?.["assignPublicIp"] === true) say(resource, "has a public address");
        placed(resource, network?.["subnets"] ?? "no subnet");
        break;
      }
      case "aws:lb/loadBalancer:LoadBalancer":
        if (inputs["internal"] !== true) say(resource, "faces the internet");
        placed(resource, inputs["subnets"]);
        break;
      case "aws:lambda/function:Function": {
        const [vpc] = entries(inputs["vpcConfig"]);
        if (vpc === undefined) say(resource, "runs outside the network");
        else placed(resource, vpc["subnetIds"]);
        break;
      }
      case "aws:rds/clusterInstance:ClusterInstance":
        if (inputs["publiclyAccessible"] === true) say(resource, "may have a public address");
        break;
      case "aws:codebuild/project:Project":
        if (inputs["vpcConfig"] === undefined) say(resource, "runs outside the network");
        break;
    }
  }
}

/** Security group rules: to the VPC's own addresses, groups of ours and S3's prefix list only. */
function rules(of: Of, inside: (cidr: unknown) => boolean, say: Say): void {
  const groups = new Set(of("SecurityGroup").map(({ id }) => id));
  const s3 = new Set(
    of("VpcEndpoint").flatMap(({ inputs, outputs }) =>
      inputs["vpcEndpointType"] === "Gateway" ? [outputs["prefixListId"]] : [],
    ),
  );
  const check = (resource: NetworkResource, rule: Inputs) => {
    const cidr = [
      ...list(rule["cidrIpv4"]),
      ...list(rule["cidrBlocks"]),
      ...list(rule["cidrIpv6"]),
      ...list(rule["ipv6CidrBlocks"]),
    ];
    const group = [
      ...list(rule["referencedSecurityGroupId"]),
      ...list(rule["securityGroups"]),
      ...list(rule["sourceSecurityGroupId"]),
    ];
    const prefix = [...list(rule["prefixListId"]), ...list(rule["prefixListIds"])];
    for (const range of cidr)
      if (!inside(range)) say(resource, `a rule for ${String(range)}, which is outside the network`);
    for (const id of group)
      if (!groups.has(id as string)) say(resource, `a rule for ${String(id)}, which is no group of ours`);
    for (const id of prefix) if (!s3.has(id)) say(resource, `a rule for ${String(id)}, which is not S3's prefix list`);
    if (cidr.length + group.length + prefix.length === 0) say(resource, "a rule for nobody knows whom");
  };
  for (const group of of("SecurityGroup", "DefaultSecurityGroup")) {
    for (const rule of [...entries(group.inputs["ingress"]), ...entries(group.inputs["egress"])]) check(group, rule);
  }
  for (const rule of of("SecurityGroupIngressRule", "SecurityGroupEgressRule", "SecurityGroupRule"))
    check(rule, rule.inputs);
}

/** Network ACLs: beyond the VPC only HTTPS out and its answers in, as S3 behind its gateway endpoint needs. */
function filters(of: Of, inside: (cidr: unknown) => boolean, say: Say): void {
  const bounds = { egress: [443, 443], ingress: [1024, 65535] } as const;
  for (const acl of of("NetworkAcl", "DefaultNetworkAcl")) {
    for (const [direction, [from, to]] of Object.entries(bounds)) {
      for (const rule of entries(acl.inputs[direction])) {
        if (rule["action"] === "deny" || inside(rule["cidrBlock"])) continue;
        const within = rule["protocol"] === "tcp" && Number(rule["fromPort"]) >= from && Number(rule["toPort"]) <= to;
        if (!within) say(acl, `${direction} ${JSON.stringify(rule)} is more than S3 needs`);
      }
    }
  }
  for (const rule of of("NetworkAclRule")) say(rule, "a rule beside the ACL's own list");
}

/** Names: every VPC is filtered, last by a rule that blocks everything, and stays closed when the filter fails. */
function dns(of: Of, company: readonly string[], say: Say): void {
  const domains = new Map(
    of("ResolverFirewallDomainList").map(({ id, inputs }) => [id, list(inputs["domains"]).map(String)]),
  );
  for (const vpc of of("Vpc")) {
    const config = of("ResolverFirewallConfig").find(({ inputs }) => inputs["resourceId"] === vpc.id);
    if (config?.inputs["firewallFailOpen"] !== "DISABLED") say(vpc, "resolves every name when the DNS firewall fails");
    const groups = of("ResolverFirewallRuleGroupAssociation")
      .filter(({ inputs }) => inputs["vpcId"] === vpc.id)
      .map(({ inputs }) => inputs["firewallRuleGroupId"]);
    const rulesOf = of("ResolverFirewallRule")
      .filter(({ inputs }) => groups.includes(inputs["firewallRuleGroupId"]))
      .sort((a, b) => Number(a.inputs["priority"]) - Number(b.inputs["priority"]));
    const last = rulesOf.at(-1);
    const blocksAll =
      last?.inputs["action"] === "BLOCK" && domains.get(last.inputs["firewallDomainListId"] as string)?.join() === "*";
    if (!blocksAll) say(vpc, "resolves names that no rule names");
    for (const rule of rulesOf.filter(({ inputs }) => inputs["action"] !== "BLOCK")) {
      for (const domain of domains.get(rule.inputs["firewallDomainListId"] as string) ?? ["*"]) {
        if (!harmless(domain, company)) say(rule, `${domain} resolves, and somebody outside answers`);
      }
    }
  }
}

/**
 * Who enters a load balancer by a port that only some may use, 8443: everything that holds a group which the load balancer's own admits there,
 * and ranges of addresses as they are written. Ports of a rule count from its first to its last.
 */
function managersOf(resources: readonly NetworkResource[], of: Of): readonly string[] {
  const balanced = new Set(of("LoadBalancer").flatMap(({ inputs }) => list(inputs["securityGroups"])));
  const admitted = of("SecurityGroupIngressRule").filter(
    ({ inputs }) =>
      balanced.has(inputs["securityGroupId"]) &&
      (inputs["ipProtocol"] === "-1" || (Number(inputs["fromPort"]) <= 8443 && Number(inputs["toPort"]) >= 8443)),
  );
  const groupsOf = ({ inputs }: NetworkResource) => [
    ...list(inputs["vpcSecurityGroupIds"]),
    ...list(inputs["securityGroups"]),
    ...entries(inputs["vpcConfig"]).flatMap((vpc) => list(vpc["securityGroupIds"])),
    ...entries(inputs["networkConfiguration"]).flatMap((network) => list(network["securityGroups"])),
  ];
  return admitted
    .flatMap(({ inputs }) => {
      const group = inputs["referencedSecurityGroupId"];
      if (group === undefined) return [String(inputs["cidrIpv4"] ?? inputs["prefixListId"])];
      return resources.filter((resource) => groupsOf(resource).includes(group)).map(({ name }) => name);
    })
    .sort();
}

/** What each workspace may open a connection to: a rule on its side names it, and where the target is a group, one there admits it. */
function reachOfWorkspaces(of: Of): ReadonlyMap<string, readonly string[]> {
  const groups = new Map(of("SecurityGroup").map((group) => [group.id, group]));
  const admitted = (target: string, from: string, port: unknown): boolean =>
    of("SecurityGroupIngressRule").some(
      ({ inputs }) =>
        inputs["securityGroupId"] === target &&
        Number(inputs["fromPort"]) <= Number(port) &&
        Number(inputs["toPort"]) >= Number(port) &&
        (inputs["referencedSecurityGroupId"] === from || inputs["cidrIpv4"] !== undefined),
    );
  const workspaces = of("Instance").filter(
    ({ inputs }) => (inputs["tags"] as Inputs | undefined)?.["Purpose"] === "workspace",
  );
  return new Map(
    workspaces.map(({ name, inputs }) => {
      const own = list(inputs["vpcSecurityGroupIds"]) as readonly string[];
      const targets = of("SecurityGroupEgressRule")
        .filter((rule) => own.includes(rule.inputs["securityGroupId"] as string))
        .map(({ inputs: rule }) => {
          const port =
            rule["fromPort"] === rule["toPort"]
              ? String(rule["fromPort"])
              : `${String(rule["fromPort"])}-${String(rule["toPort"])}`;
          const target = rule["referencedSecurityGroupId"] as string | undefined;
          if (target === undefined)
            return `${rule["prefixListId"] === undefined ? String(rule["cidrIpv4"]) : "S3"}:${port}`;
          const open = own.some((from) => admitted(target, from, rule["fromPort"]));
          return `${groups.get(target)?.name ?? target}:${port}${open ? "" : " (refused)"}`;
        });
      return [name, targets.sort()] as const;
    }),
  );
}
