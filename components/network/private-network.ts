import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { planSubnets, type NetworkSpec, type SourceSpec } from "../../config";
import type { AccessFacts, KeyFacts, NetworkFacts } from "../facts";
import {
  after,
  accountTrust,
  admit,
  httpsFrom,
  logGroup,
  securityGroup,
  boundedRole,
  interfaceTimeouts,
  type StackContext,
} from "../kit";
import { allow } from "../policy-document";
import { DnsFirewall } from "./dns-firewall";
import type { PlannedEndpoint } from "./endpoints";
import { SourceEndpoints } from "./source-endpoints";

/** Arguments of {@link PrivateNetwork}. */
export interface PrivateNetworkArgs {
  readonly context: StackContext;
  /**
   * Address range and number of zones. A change of `cidr` replaces everything in the network, a
   * change of `zones` its subnets; a zone with `addedCidr` changes no other.
   */
  readonly network: NetworkSpec;
  /** Endpoints with their policies; S3's gateway endpoint must be among them. */
  readonly endpoints: readonly PlannedEndpoint[];
  /** Names that resolve in the network. */
  readonly domains: readonly string[];
  /** Sources of code of the network's workspaces. */
  readonly sources: readonly SourceSpec[];
  readonly keys: Pick<KeyFacts, "logs">;
  readonly access: Pick<AccessFacts, "workloadBoundaryArn">;
  /**
   * Admits the query logs of all the organization's stacks; default false. One stack of an account
   * sets it.
   */
  readonly organizationLogDelivery?: boolean;
  /**
   * Blocks internet gateways in the whole account and region; default false. For an account of this
   * program alone.
   */
  readonly blockPublicAccess?: boolean;
}

/**
 * A network without a route to the internet. Isolated subnets, one per zone, route only to the VPC
 * itself and to S3's gateway endpoint. It has interface endpoints, each with its own policy, a DNS
 * firewall and flow logs.
 *
 * Cost: about $10 a month for each interface endpoint and zone (Tokyo), and flow logs.
 */
export class PrivateNetwork extends pulumi.ComponentResource {
  readonly facts: NetworkFacts;

  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:PrivateNetwork", name, {}, opts);
    const { context, network, keys } = args;
    const child = { parent: this };
    const tagged: Tagged = (noun) => ({
      tags: { ...context.tags({ Purpose: "network" }), Name: `${context.stack}-${noun}` },
    });

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: network.cidr, enableDnsSupport: true, enableDnsHostnames: true, ...tagged("vpc") },
      child,
    );
    this.#closeDefaults(name, vpc, tagged);
    const { routes, subnets, routed } = this.#subnets(name, args, vpc, tagged);
    const subnetIds = pulumi.all(subnets.map((subnet) => subnet.id));
    const filtered = this.#filterSubnets(name, network, vpc, subnetIds, tagged);
    const logged = this.#logFlows(name, args, vpc);
    const { group, rules } = this.#endpointGroup(name, network, vpc, tagged);
    const endpoints = this.#endpoints(name, args, { vpc, routes, subnetIds, group }, tagged);
    const s3 = endpoints["s3"];
    if (s3 === undefined) throw new pulumi.ResourceError("the endpoint plan has no s3", this);
    const { domains, organizationLogDelivery = false } = args;
    const whole = [filtered, logged, ...routed, ...rules, ...Object.values(endpoints)];
    const { association } = new DnsFirewall(
      `${name}-dns`,
      { context, vpcId: vpc.id, keys, domains, organizationLogDelivery, network: whole },
      child,
    );
    if (args.blockPublicAccess) this.#blockPublicAccess(name);

    const facts = {
      // After the firewall, so that nothing runs in the network before its names are filtered and
      // its endpoints answer.
      vpcId: after(vpc.id, [association]),
      cidr: vpc.cidrBlock,
      subnetIds: after(subnetIds, [association]),
      zones: pulumi.all(subnets.map((subnet) => subnet.availabilityZone)),
      endpointSecurityGroupId: group.id,
      s3PrefixListId: s3.prefixListId,
    };
    const { addedCidr } = network;
    const sources = new SourceEndpoints(
      `${name}-sources`,
      { context, network: facts, sources: args.sources, ...(addedCidr !== undefined && { addedCidr }) },
      child,
    );
    this.facts = { ...facts, sourceGroupIds: sources.securityGroupIds };
    this.registerOutputs({ ...this.facts });
  }

  /** One isolated subnet per zone; all share a route table with the VPC's own route only. */
  #subnets(name: string, { context, network }: PrivateNetworkArgs, vpc: aws.ec2.Vpc, tagged: Tagged) {
    const child = { parent: this };
    const routes = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, ...tagged("isolated") }, child);
    const { addedCidr } = network;
    const added =
      addedCidr === undefined
        ? undefined
        : new aws.ec2.VpcIpv4CidrBlockAssociation(`${name}-added`, { vpcId: vpc.id, cidrBlock: addedCidr }, child);
    const routed: pulumi.Resource[] = [];
    const subnets = planSubnets(network, context.region).map(({ zoneId, cidr }) => {
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
        { ...child, ...(cidr === addedCidr && added && { dependsOn: added }), customTimeouts: interfaceTimeouts },
      );
      routed.push(
        new aws.ec2.RouteTableAssociation(
          `${name}-routes-${zoneId}`,
          { subnetId: subnet.id, routeTableId: routes.id },
          child,
        ),
      );
      return subnet;
    });
    return { routes, subnets, routed };
  }

  #endpointGroup(name: string, network: NetworkSpec, vpc: aws.ec2.Vpc, tagged: Tagged) {
    const child = { parent: this };
    const { tags } = tagged("endpoints");
    const group = securityGroup(
      `${name}-endpoints-group`,
      { network: { vpcId: vpc.id }, description: "Interface endpoints: HTTPS from this network", tags },
      child,
    );
    const rules = admit(
      `${name}-endpoints`,
      { securityGroupId: group.id, label: "Interface endpoints", tags },
      httpsFrom(network.cidr, network.addedCidr),
      child,
    );
    return { group, rules };
  }

  /** The endpoints by service. */
  #endpoints(
    name: string,
    args: PrivateNetworkArgs,
    made: {
      readonly vpc: aws.ec2.Vpc;
      readonly routes: aws.ec2.RouteTable;
      readonly subnetIds: pulumi.Output<string[]>;
      readonly group: aws.ec2.SecurityGroup;
    },
    tagged: Tagged,
  ): Readonly<Record<string, aws.ec2.VpcEndpoint>> {
    const endpoints = args.endpoints.map(({ service, type, policy }) => {
      const endpoint = new aws.ec2.VpcEndpoint(
        `${name}-endpoint-${service}`,
        {
          vpcId: made.vpc.id,
          serviceName: `com.amazonaws.${args.context.region}.${service}`,
          vpcEndpointType: type,
          policy,
          ...(type === "Gateway"
            ? { routeTableIds: [made.routes.id] }
            : { subnetIds: made.subnetIds, securityGroupIds: [made.group.id], privateDnsEnabled: true }),
          ...tagged(service),
        },
        { parent: this },
      );
      return [service, endpoint] as const;
    });
    return Object.fromEntries(endpoints);
  }

  #blockPublicAccess(name: string): void {
    new aws.ec2.VpcBlockPublicAccessOptions(
      `${name}-block-public-access`,
      { internetGatewayBlockMode: "block-bidirectional" },
      { parent: this, retainOnDelete: true },
    );
  }

  /**
   * Empties the default group, ACL and route table, which AWS creates with every VPC and uses where
   * no other is named.
   */
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
   * A stateless second layer: it admits traffic inside the network, and HTTPS to S3. S3's addresses
   * behind the gateway endpoint are public, and a network ACL takes no prefix list. No route leads
   * to any other public address. Answers return to any ephemeral port: functions in a VPC use 1024
   * to 65535. Remote Desktop's port stays closed; a connection that leaves from it by chance times
   * out and is retried.
   */
  #filterSubnets(
    name: string,
    network: NetworkSpec,
    vpc: aws.ec2.Vpc,
    subnetIds: pulumi.Output<string[]>,
    tagged: Tagged,
  ): pulumi.Resource {
    const all = { action: "allow", protocol: "-1", fromPort: 0, toPort: 0 };
    const { cidr, addedCidr } = network;
    const inside = [
      { ...all, ruleNo: 100, cidrBlock: cidr },
      ...(addedCidr === undefined ? [] : [{ ...all, ruleNo: 105, cidrBlock: addedCidr }]),
    ];
    const s3 = { action: "allow", protocol: "tcp", cidrBlock: "0.0.0.0/0" };
    const answers = [
      { ruleNo: 110, fromPort: 1024, toPort: 3388 },
      { ruleNo: 120, fromPort: 3390, toPort: 65535 },
    ];
    return new aws.ec2.NetworkAcl(
      `${name}-acl`,
      {
        vpcId: vpc.id,
        subnetIds,
        egress: [...inside, { ...s3, ruleNo: 110, fromPort: 443, toPort: 443 }],
        ingress: [...inside, ...answers.map((ports) => ({ ...s3, ...ports }))],
        ...tagged("isolated"),
      },
      { parent: this },
    );
  }

  #logFlows(name: string, { context, keys, access }: PrivateNetworkArgs, vpc: aws.ec2.Vpc): pulumi.Resource {
    const { names, arns } = context;
    const child = { parent: this };
    const groupName = names.logGroup("flow-logs");
    const tags = context.tags({ Purpose: "flow-logs" });
    const logs = logGroup(`${name}-flow-logs`, { context, groupName, keys, retention: "flow-logs", tags }, child);
    const { role, policies } = boundedRole(
      `${name}-flow-role`,
      {
        roleName: names.role("flow-logs"),
        description: "Writes the network's flow logs",
        trust: accountTrust(context, "vpc-flow-logs.amazonaws.com", arns.regional("ec2", "vpc-flow-log/*")),
        boundaryArn: access.workloadBoundaryArn,
        statements: [
          allow("WriteFlowLogs", {
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: `${arns.logGroup(groupName)}:*`,
          }),
          allow("FindFlowLogs", { Action: "logs:DescribeLogGroups", Resource: "*" }),
        ],
        tags,
      },
      child,
    );
    return new aws.ec2.FlowLog(
      `${name}-flow`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logs.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags,
      },
      { ...child, dependsOn: policies },
    );
  }
}

type Tagged = (noun: string) => { readonly tags: Record<string, string> };
