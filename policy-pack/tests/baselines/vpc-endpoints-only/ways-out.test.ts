import assert from "node:assert/strict";
import { netNoInternetRoute } from "../../../src/baselines/vpc-endpoints-only/net-no-internet-route";
import { netNoEgressToAnywhere } from "../../../src/baselines/vpc-endpoints-only/net-no-egress-to-anywhere";
import { netNoUnrestrictedEgress } from "../../../src/baselines/vpc-endpoints-only/net-no-unrestricted-egress";
import { netEipInUse } from "../../../src/baselines/vpc-endpoints-only/net-eip-in-use";
import { netNoEip } from "../../../src/baselines/vpc-endpoints-only/net-no-eip";
import { netNoInternetGateway } from "../../../src/baselines/vpc-endpoints-only/net-no-internet-gateway";
import { netNoNatGateway } from "../../../src/baselines/vpc-endpoints-only/net-no-nat-gateway";
import { netSubnetNoPublicIp } from "../../../src/baselines/vpc-endpoints-only/net-subnet-no-public-ip";
import { netVpcBpa } from "../../../src/baselines/vpc-endpoints-only/net-vpc-bpa";
import { remediated } from "../../../src/frame/judge";
import { cases, resource, UNKNOWN, type Inputs } from "../../support";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";

describe("VPC endpoints only: ways out", () => {
  for (const type of netNoInternetGateway.types) cases(netNoInternetGateway, { type, fails: { [type]: {} } });
  cases(netNoNatGateway, {
    type: "aws:ec2/natGateway:NatGateway",
    passes: {
      "a private one": { connectivityType: "private" },
      "a private one of a subnet that is not known": { connectivityType: "private", subnetId: UNKNOWN },
    },
    fails: { "its default": { subnetId: "s" }, "a public one": { connectivityType: "public" } },
    unknown: { "a kind that is not known": { connectivityType: UNKNOWN } },
  });
  for (const type of netNoEip.types) cases(netNoEip, { type, fails: { [type]: {} } });
  const EIP = "aws:ec2/eip:Eip";
  cases(netEipInUse, {
    passes: {
      "an address of an instance": [resource(EIP, { instance: "i-1" })],
      "an address of an interface that is not known": [resource(EIP, { networkInterface: UNKNOWN })],
      "an address of a NAT gateway": [
        resource(EIP, { id: "eip-1" }),
        resource("aws:ec2/natGateway:NatGateway", { allocationId: "eip-1" }, "nat"),
      ],
    },
    fails: { "an idle address": [resource(EIP, {})] },
    unknown: {
      "an association of an address that is not known": [
        resource(EIP, {}),
        resource("aws:ec2/eipAssociation:EipAssociation", { allocationId: UNKNOWN }, "a"),
      ],
    },
  });

  const route = (changes: Inputs = {}): Inputs => ({
    routeTableId: "rtb-1",
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: "igw-1",
    ...changes,
  });
  cases(netNoInternetRoute, {
    type: "aws:ec2/route:Route",
    passes: {
      "a private network through a gateway": route({ destinationCidrBlock: "10.1.0.0/16", gatewayId: "vgw-1" }),
      "a private network through another VPC": route({
        destinationCidrBlock: "10.1.0.0/16",
        gatewayId: undefined,
        vpcPeeringConnectionId: "pcx-1",
      }),
      "a private network through a private NAT gateway": route({
        destinationCidrBlock: "10.1.0.0/16",
        gatewayId: undefined,
        natGatewayId: "nat-1",
      }),
      "a partner's public network through a private gateway": route({
        destinationCidrBlock: "203.0.113.0/24",
        gatewayId: "vgw-1",
      }),
      "a public network within the VPC": route({ gatewayId: "local" }),
      "a prefix list": { destinationPrefixListId: "pl-1", vpcEndpointId: "vpce-1" },
      "a partner's public network through a transit gateway": route({
        destinationCidrBlock: "203.0.113.0/24",
        gatewayId: undefined,
        transitGatewayId: "tgw-1",
      }),
      "a gateway endpoint": route({ destinationCidrBlock: "52.219.0.0/16", gatewayId: "vpce-1" }),
      "no target": route({ gatewayId: undefined }),
      "an empty target": route({ gatewayId: "", transitGatewayId: "" }),
      "what is no destination": route({ destinationCidrBlock: "everywhere" }),
    },
    fails: {
      "everything to an internet gateway": route(),
      "everything to a gateway that is not known": route({ gatewayId: UNKNOWN }),
      "everything to a NAT gateway": route({ gatewayId: undefined, natGatewayId: UNKNOWN }),
      "IPv6 to an egress-only gateway": { destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: "eigw-1" },
      "half of the internet": route({ destinationCidrBlock: "128.0.0.0/1" }),
      "IPv6's global half": { destinationIpv6CidrBlock: "2000::/3", transitGatewayId: "tgw-1" },
      "everything to a transit gateway": route({ gatewayId: undefined, transitGatewayId: "tgw-1" }),
      "everything to a machine": route({ gatewayId: undefined, networkInterfaceId: "eni-1" }),
      "a quarter of the internet to a machine": route({
        destinationCidrBlock: "64.0.0.0/2",
        gatewayId: undefined,
        instanceId: "i-1",
      }),
      "an /8 to a transit gateway that is not known": route({
        destinationCidrBlock: "54.0.0.0/8",
        gatewayId: undefined,
        transitGatewayId: UNKNOWN,
      }),
      "a public address to a NAT gateway": route({
        destinationCidrBlock: "203.0.113.7/32",
        gatewayId: undefined,
        natGatewayId: "nat-1",
      }),
      "a public address to an internet gateway": route({ destinationCidrBlock: "203.0.113.7/32" }),
    },
    unknown: {
      "a destination that is not known": route({ destinationCidrBlock: UNKNOWN }),
      "a public address to a gateway that is not known": route({
        destinationCidrBlock: "203.0.113.7/32",
        gatewayId: UNKNOWN,
      }),
    },
  });
  cases(netNoInternetRoute, {
    type: "aws:ec2/routeTable:RouteTable",
    passes: { "no routes": {}, "private routes": { routes: [{ cidrBlock: "10.0.0.0/8", transitGatewayId: "tgw-1" }] } },
    fails: {
      "the second route": {
        routes: [
          { cidrBlock: "10.0.0.0/8", transitGatewayId: "t" },
          { ipv6CidrBlock: "::/0", gatewayId: "igw-1" },
        ],
      },
    },
    unknown: { "routes that are not known": { routes: UNKNOWN } },
    both: {
      "an open route after one that is not known": { routes: [UNKNOWN, { cidrBlock: "0.0.0.0/0", natGatewayId: "n" }] },
    },
  });

  cases(netSubnetNoPublicIp, {
    type: "aws:ec2/subnet:Subnet",
    passes: { "its default": {}, false: { mapPublicIpOnLaunch: false } },
    fails: {
      "public addresses": { mapPublicIpOnLaunch: true },
      "IPv6 addresses": { assignIpv6AddressOnCreation: true },
    },
    both: { "IPv6 beside what is not known": { mapPublicIpOnLaunch: UNKNOWN, assignIpv6AddressOnCreation: true } },
  });
  it("net-subnet-no-public-ip switches addresses off where asked to", () => {
    const inputs: Inputs = { mapPublicIpOnLaunch: true };
    assert.equal(remediated(netSubnetNoPublicIp, inputs, ""), true);
    assert.deepEqual(inputs, { mapPublicIpOnLaunch: false });
    assert.equal(remediated(netSubnetNoPublicIp, {}, ""), false);
  });

  const egress = (changes: Inputs): Inputs => ({
    egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...changes }],
  });
  cases(netNoUnrestrictedEgress, {
    type: GROUP,
    passes: {
      "no egress": {},
      "the VPC": egress({ cidrBlocks: ["10.0.0.0/16"] }),
      "a prefix list": egress({ prefixListIds: ["pl-1"] }),
      "another group": egress({ securityGroups: ["sg-1"] }),
      ingress: { ingress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] },
    },
    fails: {
      everywhere: egress({ cidrBlocks: ["0.0.0.0/0"] }),
      IPv6: egress({ ipv6CidrBlocks: ["::/0"] }),
      "one public address": egress({ cidrBlocks: ["203.0.113.7/32"] }),
    },
    unknown: { "an address that is not known": egress({ cidrBlocks: [UNKNOWN] }) },
    both: { "everywhere beside what is not known": egress({ cidrBlocks: [UNKNOWN, "0.0.0.0/0"] }) },
  });
  cases(netNoUnrestrictedEgress, {
    type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    fails: { everywhere: { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" } },
  });

  cases(netNoEgressToAnywhere, {
    type: GROUP,
    passes: {
      "one port": egress({ cidrBlocks: ["0.0.0.0/0"] }),
      "all ports to one network": egress({ protocol: "-1", cidrBlocks: ["203.0.113.0/24"] }),
      "an unknown port to the VPC": egress({ fromPort: UNKNOWN, cidrBlocks: ["10.0.0.0/16"] }),
    },
    fails: {
      "all protocols": egress({ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
      "all ports": egress({ fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/0"] }),
      "ports of -1": egress({ fromPort: -1, toPort: -1, ipv6CidrBlocks: ["::/0"] }),
    },
    unknown: { "an address that is not known": egress({ protocol: "-1", cidrBlocks: [UNKNOWN] }) },
  });

  const OPTIONS = "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions";
  cases(netVpcBpa, {
    type: OPTIONS,
    passes: {
      "both directions": { internetGatewayBlockMode: "block-bidirectional" },
      "both directions, of a region": { internetGatewayBlockMode: "block-bidirectional", region: "eu-west-1" },
    },
    fails: { off: { internetGatewayBlockMode: "off" }, "one direction": { internetGatewayBlockMode: "block-ingress" } },
    unknown: { "a mode that is not known": { internetGatewayBlockMode: UNKNOWN } },
  });
  cases(netVpcBpa, {
    type: "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
    fails: { "an exclusion": {} },
  });
  it("net-vpc-bpa blocks both directions where asked to", () => {
    const inputs: Inputs = { internetGatewayBlockMode: "off" };
    assert.equal(remediated(netVpcBpa, inputs, OPTIONS), true);
    assert.deepEqual(inputs, { internetGatewayBlockMode: "block-bidirectional" });
    assert.equal(remediated(netVpcBpa, inputs, OPTIONS), false);
  });
});
