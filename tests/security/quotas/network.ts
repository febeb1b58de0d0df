import { each, inside, length, region, row, type Inputs, type Quota } from "./quota";

const vpc = "Amazon VPC quotas";
const resolver = "Route 53 quotas";

/** Security groups of what has interfaces, by type. */
const groupsOf: Readonly<Record<string, (inputs: Inputs) => unknown>> = {
  "aws:ec2/instance:Instance": (inputs) => inputs["vpcSecurityGroupIds"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs) => inputs["securityGroupIds"],
  "aws:ecs/service:Service": (inputs) => inside(inputs["networkConfiguration"])["securityGroups"],
  "aws:elasticache/replicationGroup:ReplicationGroup": (inputs) => inputs["securityGroupIds"],
  "aws:lambda/function:Function": (inputs) => inside(inputs["vpcConfig"])["securityGroupIds"],
  "aws:lb/loadBalancer:LoadBalancer": (inputs) => inputs["securityGroups"],
  "aws:rds/cluster:Cluster": (inputs) => inputs["vpcSecurityGroupIds"],
};

/** Quotas of networks and of names in them. */
export const networkQuotas: readonly Quota[] = [
  row("VPCs per Region", vpc, 5, each("aws:ec2/vpc:Vpc"), { key: "vpcs" }),
  row(
    "subnets per VPC",
    vpc,
    200,
    each("aws:ec2/subnet:Subnet", ({ vpcId }) => vpcId),
  ),
  row(
    "route tables per VPC",
    vpc,
    200,
    each("aws:ec2/routeTable:RouteTable", ({ vpcId }) => vpcId),
  ),
  row(
    "IPv4 CIDR blocks per VPC, beside the first",
    vpc,
    4,
    each("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", ({ vpcId }) => vpcId),
  ),
  row("interface endpoints per VPC", vpc, 50, (resource) =>
    resource.inputs["vpcEndpointType"] === "Interface"
      ? each("aws:ec2/vpcEndpoint:VpcEndpoint", ({ vpcId }) => vpcId)(resource)
      : [],
  ),
  row("gateway endpoints per Region", vpc, 20, (resource) =>
    resource.inputs["vpcEndpointType"] === "Gateway" ? each("aws:ec2/vpcEndpoint:VpcEndpoint")(resource) : [],
  ),
  row("rules per network ACL and direction", vpc, 20, (resource) =>
    resource.type === "aws:ec2/networkAcl:NetworkAcl"
      ? ["ingress", "egress"].map((way) => [`${resource.urn} ${way}`, length(resource.inputs[way])] as const)
      : [],
  ),
  row("security groups per Region", vpc, 2500, each("aws:ec2/securityGroup:SecurityGroup"), { key: "securityGroups" }),
  row("outbound rules per security group", vpc, 60, (resource) =>
    each("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", ({ securityGroupId }) => securityGroupId)(resource),
  ),
  row("inbound rules per security group", vpc, 60, (resource) =>
    each(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      ({ securityGroupId }) => securityGroupId,
    )(resource),
  ),
  row("security groups per network interface", vpc, 5, ({ type, urn, inputs }) => {
    const groups = length(groupsOf[type]?.(inputs));
    return groups > 0 ? [[urn, groups]] : [];
  }),
  row("interfaces of functions per VPC", "Lambda quotas", 500, (resource) => {
    const { subnetIds } = inside(resource.inputs["vpcConfig"]);
    return resource.type === "aws:lambda/function:Function" && length(subnetIds) > 0
      ? [[region, length(subnetIds)]]
      : [];
  }),
  row(
    "DNS Firewall rule groups per VPC",
    resolver,
    5,
    each("aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation", ({ vpcId }) => vpcId),
  ),
  row(
    "rules per DNS Firewall rule group",
    resolver,
    100,
    each("aws:route53/resolverFirewallRule:ResolverFirewallRule", ({ firewallRuleGroupId }) => firewallRuleGroupId),
  ),
  row(
    "DNS Firewall domain lists per Region",
    resolver,
    1000,
    each("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"),
  ),
  row("DNS Firewall domains per account", resolver, 100_000, (resource) =>
    each(
      "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
      () => region,
      ({ domains }) => length(domains),
    )(resource),
  ),
  row(
    "DNS Firewall rule groups per Region",
    resolver,
    1000,
    each("aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup"),
  ),
  row(
    "records per hosted zone",
    resolver,
    10_000,
    each("aws:route53/record:Record", ({ zoneId }) => zoneId),
  ),
  row(
    "query logging configurations per Region",
    resolver,
    20,
    each("aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig"),
  ),
  row("hosted zones per account", resolver, 500, each("aws:route53/zone:Zone")),
];
