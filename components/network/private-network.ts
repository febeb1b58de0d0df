import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, iamPath, names, planSubnets, tags, type NetworkSpec, type StackSpec } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import { allow, document, serviceTrust } from "../policy-document";
import { DnsFirewall } from "./dns-firewall";
import { planEndpoints } from "./endpoints";

/** Arguments of {@link PrivateNetwork}. */
export interface PrivateNetworkArgs {
  readonly spec: StackSpec;
  readonly network: NetworkSpec;
  readonly keys: KeyFacts;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
}

/**
 * A network with no way out: isolated subnets, one per zone, whose only routes are the VPC itself and S3's gateway endpoint; interface
 * endpoints for the services in use, each with a policy of its own; names resolve only where needed; all flows are logged.
 *
 * A change of `cidr` replaces everything in it, a change of `zones` the subnets and what stands in them: choose both once.
 *
 * Cost: about $10 a month for each interface endpoint and zone (Tokyo), and flow logs.
 */
export class PrivateNetwork extends pulumi.ComponentResource {
  readonly facts: NetworkFacts;

  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:PrivateNetwork", name, {}, opts);
    const { spec, network, keys } = args;
    const child = { parent: this };
    const tagged = (noun: string) => ({
      tags: { ...tags(spec, { Purpose: "network" }), Name: `${spec.stack}-${noun}` },
    });

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: network.cidr, enableDnsSupport: true, enableDnsHostnames: true, ...tagged("vpc") },
      child,
    );
    this.#closeDefaults(name, vpc, tagged);
    const routes = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, ...tagged("isolated") }, child);
    const subnets = planSubnets(network, spec.region).map(({ zoneId, cidr }) => {
      const subnet = new aws.ec2.Subnet(
        `${name}-subnet-${zoneId}`,
        {
          vpcId: vpc.id,
          availabilityZoneId: zoneId,
          cidrBlock: cidr,
          mapPublicIpOnLaunch: false,
          assignIpv6AddressOnCreation: false,
          ...tagged(zoneId),
        },
        child,
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-routes-${zoneId}`,
        { subnetId: subnet.id, routeTableId: routes.id },
        child,
      );
      return subnet;
    });
    const subnetIds = pulumi.all(subnets.map((subnet) => subnet.id));
    this.#filterSubnets(name, network, vpc, subnetIds, tagged);
    this.#logFlows(name, args, vpc);

    const endpointGroup = new aws.ec2.SecurityGroup(
      `${name}-endpoints-group`,
      {
        description: "Interface endpoints: HTTPS from this network",
        vpcId: vpc.id,
        revokeRulesOnDelete: true,
        ...tagged("endpoints"),
      },
      child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-endpoints-from-vpc`,
      {
        securityGroupId: endpointGroup.id,
        description: "HTTPS from this network",
        cidrIpv4: network.cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        ...tagged("endpoints"),
      },
      child,
    );
    const endpoints = planEndpoints(spec).map(({ service, type, policy }) => {
      const endpoint = new aws.ec2.VpcEndpoint(
        `${name}-endpoint-${service}`,
        {
          vpcId: vpc.id,
          serviceName: `com.amazonaws.${spec.region}.${service}`,
          vpcEndpointType: type,
          policy,
          ...(type === "Gateway"
            ? { routeTableIds: [routes.id] }
            : { subnetIds, securityGroupIds: [endpointGroup.id], privateDnsEnabled: true }),
          ...tagged(service),
        },
        child,
      );
      return [service, endpoint] as const;
    });
    const s3 = Object.fromEntries(endpoints)["s3"];
    if (s3 === undefined) throw new pulumi.ResourceError("the endpoint plan has no s3", this);

    const dns = new DnsFirewall(`${name}-dns`, { spec, vpcId: vpc.id, keys }, child);

    if (spec.department === undefined && spec.platform.account === "dedicated") {
      new aws.ec2.VpcBlockPublicAccessOptions(
        `${name}-block-public-access`,
        { internetGatewayBlockMode: "block-bidirectional" },
        { ...child, retainOnDelete: true },
      );
    }

    this.facts = {
      // Read through the firewall, so that nothing runs in the network before its names are filtered.
      vpcId: pulumi.all([vpc.id, dns.associated]).apply(([id]) => id),
      cidr: vpc.cidrBlock,
      subnetIds,
      zones: pulumi.all(subnets.map((subnet) => subnet.availabilityZone)),
      endpointSecurityGroupId: endpointGroup.id,
      endpointIds: pulumi.output(Object.fromEntries(endpoints.map(([service, endpoint]) => [service, endpoint.id]))),
      s3PrefixListId: s3.prefixListId,
    };
    this.registerOutputs({ ...this.facts });
  }

  /** What AWS makes with every VPC and would use wherever nothing else is named: emptied. */
  #closeDefaults(name: string, vpc: aws.ec2.Vpc, tagged: Tagged): void {
    const child = { parent: this };
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [], ...tagged("default-closed") },
      child,
    );
    new aws.ec2.DefaultNetworkAcl(
      `${name}-default-acl`,
      { defaultNetworkAclId: vpc.defaultNetworkAclId, ingress: [], egress: [], ...tagged("default-closed") },
      child,
    );
    new aws.ec2.DefaultRouteTable(
      `${name}-default-routes`,
      { defaultRouteTableId: vpc.defaultRouteTableId, routes: [], ...tagged("default-closed") },
      child,
    );
  }

  /**
   * A second wall, without state: traffic inside the network, and HTTPS to S3, whose addresses behind the gateway endpoint are public and which
   * a network ACL cannot name by prefix list. No route leads to any other public address. Answers come back to any ephemeral port: functions in
   * a VPC use 1024 to 65535. Remote Desktop's port stays closed; a connection that happens to leave from it times out and is tried again.
   */
  #filterSubnets(
    name: string,
    network: NetworkSpec,
    vpc: aws.ec2.Vpc,
    subnetIds: pulumi.Output<string[]>,
    tagged: Tagged,
  ): void {
    const inside = { ruleNo: 100, action: "allow", protocol: "-1", cidrBlock: network.cidr, fromPort: 0, toPort: 0 };
    const s3 = { action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0" };
    const answers = [
      { ruleNo: 110, fromPort: 1024, toPort: 3388 },
      { ruleNo: 120, fromPort: 3390, toPort: 65535 },
    ];
    new aws.ec2.NetworkAcl(
      `${name}-acl`,
      {
        vpcId: vpc.id,
        subnetIds,
        egress: [inside, { ...s3, ruleNo: 110, fromPort: 443, toPort: 443 }],
        ingress: [inside, ...answers.map((ports) => ({ ...s3, ...ports }))],
        ...tagged("isolated"),
      },
      { parent: this },
    );
  }

  #logFlows(name: string, { spec, keys, access }: PrivateNetworkArgs, vpc: aws.ec2.Vpc): void {
    const child = { parent: this };
    const known = names(spec.platform.organization);
    const groupName = known.logGroup(spec.stack, "flow-logs");
    const tagged = { tags: tags(spec, { Purpose: "flow-logs" }) };
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-flow-logs`,
      {
        name: groupName,
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["flow-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-flow-role`,
      {
        name: known.role(spec.stack, "flow-logs"),
        path: iamPath,
        description: "Writes the network's flow logs",
        assumeRolePolicy: serviceTrust("vpc-flow-logs.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": spec.accountId },
          ArnLike: { "aws:SourceArn": arns(spec).regional("ec2", "vpc-flow-log/*") },
        }),
        permissionsBoundary: access.workloadBoundaryArn,
        ...tagged,
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-flow-policy`,
      {
        role: role.name,
        policy: document(
          allow("WriteFlowLogs", {
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: `${arns(spec).logGroup(groupName)}:*`,
          }),
          allow("FindFlowLogs", { Action: "logs:DescribeLogGroups", Resource: "*" }),
        ),
      },
      child,
    );
    new aws.ec2.FlowLog(
      `${name}-flow`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logs.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        ...tagged,
      },
      { ...child, dependsOn: policy },
    );
  }
}

type Tagged = (noun: string) => { readonly tags: Record<string, string> };
