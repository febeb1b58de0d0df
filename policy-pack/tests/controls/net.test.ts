import {
  netNaclNoAllPorts,
  netNoPeeringWide,
  netNoPublicAdminPorts,
  netNoPublicHttp,
  netNoPublicIngressAny,
  netSgDescription,
  netVpcFlowLogs,
} from "../../src/controls/net";
import { type Changes, resourceCases, stackCases } from "./cases";

const entry = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlock: "0.0.0.0/0" };
resourceCases(netNaclNoAllPorts, {
  compliant: { networkAclId: "acl", ruleNumber: 100, ruleAction: "allow", egress: false, ...entry },
  violations: {
    "every protocol": { protocol: "-1", fromPort: undefined, toPort: undefined },
    "every protocol by its name": { protocol: "all" },
  },
  accepted: {
    "a denial": { protocol: "-1", ruleAction: "deny" },
    "the way out": { protocol: "-1", egress: true },
    "from inside": { protocol: "-1", cidrBlock: "10.0.0.0/8" },
  },
});

resourceCases(netNaclNoAllPorts, {
  type: "aws:ec2/networkAcl:NetworkAcl",
  compliant: { vpcId: "v", ingress: [{ ruleNo: 100, action: "allow", ...entry }] },
  violations: {
    "every protocol": {
      "ingress[1]": { ruleNo: 200, action: "allow", protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlock: "::/0" },
    },
  },
});

resourceCases(netNoPeeringWide, {
  compliant: { routeTableId: "rt", destinationCidrBlock: "10.1.16.0/20", vpcPeeringConnectionId: "pcx-1" },
  violations: {
    "the whole network": { destinationCidrBlock: "10.1.0.0/16" },
    everything: { destinationCidrBlock: "0.0.0.0/0" },
  },
  accepted: {
    "a single address": { destinationCidrBlock: "10.1.2.3/32" },
    "another way": { destinationCidrBlock: "10.0.0.0/8", vpcPeeringConnectionId: undefined, transitGatewayId: "tgw-1" },
  },
});

resourceCases(netNoPeeringWide, {
  type: "aws:ec2/routeTable:RouteTable",
  compliant: { vpcId: "v", routes: [{ cidrBlock: "10.1.16.0/20", vpcPeeringConnectionId: "pcx-1" }] },
  violations: { "the whole network": { "routes[1]": { cidrBlock: "10.2.0.0/16", vpcPeeringConnectionId: "pcx-2" } } },
});

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const inside = {
  protocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrBlocks: ["10.0.0.0/8"],
  description: "from the workspaces",
};
/** The rule that each case adds stands after one that complies. */
const also = (more: object): Changes => ({ "ingress[1]": { ...inside, ...more } });
const anywhere = { cidrBlocks: ["0.0.0.0/0"] };
resourceCases(netNoPublicAdminPorts, {
  type: GROUP,
  compliant: { ingress: [inside] },
  violations: {
    "Remote Desktop": also({ ...anywhere, fromPort: 3389, toPort: 3389 }),
    PostgreSQL: also({ ...anywhere, fromPort: 5000, toPort: 6000 }),
    "every protocol": also({ ...anywhere, protocol: "-1", fromPort: 0, toPort: 0 }),
    IPv6: also({ cidrBlocks: undefined, ipv6CidrBlocks: ["::/0"], fromPort: 6379, toPort: 6379 }),
    "a public block that is not the whole": also({ cidrBlocks: ["8.8.8.0/24"], fromPort: 4000, toPort: 4000 }),
  },
  accepted: {
    HTTPS: also(anywhere),
    "from inside": also({ fromPort: 5432, toPort: 5432 }),
    UDP: also({ ...anywhere, protocol: "udp", fromPort: 3389, toPort: 3389 }),
    "port 0 alone": also({ ...anywhere, fromPort: 0, toPort: 0 }),
  },
});

const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
resourceCases(netNoPublicAdminPorts, {
  type: RULE,
  config: { ports: ["9443"] },
  compliant: {
    type: "ingress",
    protocol: "tcp",
    fromPort: 3389,
    toPort: 3389,
    cidrBlocks: ["0.0.0.0/0"],
    securityGroupId: "sg",
  },
  violations: { "a port that the company listed": { fromPort: 9443, toPort: 9443 } },
  accepted: { "the same on the way out": { type: "egress", fromPort: 9443, toPort: 9443 } },
});

const SINGLE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
resourceCases(netNoPublicHttp, {
  type: SINGLE,
  compliant: { securityGroupId: "sg", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "10.0.0.0/8" },
  violations: {
    "from anywhere": { cidrIpv4: "0.0.0.0/0" },
    "from anywhere by IPv6": { cidrIpv4: undefined, cidrIpv6: "::/0" },
  },
  accepted: {
    HTTPS: { cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 },
    "another group": { cidrIpv4: undefined, referencedSecurityGroupId: "sg-2" },
  },
});

resourceCases(netNoPublicIngressAny, {
  type: GROUP,
  compliant: { ingress: [inside] },
  violations: {
    "every protocol": also({ ...anywhere, protocol: "-1", fromPort: 0, toPort: 0 }),
    "every port": also({ ...anywhere, fromPort: 0, toPort: 65535 }),
    "every port, as -1": also({ ...anywhere, fromPort: -1, toPort: -1 }),
  },
  accepted: {
    "one port": also(anywhere),
    "every port from inside": also({ protocol: "-1", fromPort: 0, toPort: 0 }),
    ICMP: also({ ...anywhere, protocol: "icmp", fromPort: -1, toPort: -1 }),
  },
});

resourceCases(netSgDescription, {
  compliant: { description: "the gateway", ingress: [inside] },
  violations: {
    "no word": { description: undefined },
    "the provider's word": { description: "Managed by Pulumi" },
    "a rule without one": also({ description: "" }),
  },
});

resourceCases(netSgDescription, {
  type: SINGLE,
  compliant: { description: "from the workspaces", securityGroupId: "sg", ipProtocol: "tcp" },
  violations: { "no word": { description: undefined } },
});

stackCases(netVpcFlowLogs, {
  compliant: {
    vpc: { type: "aws:ec2/vpc:Vpc", cidrBlock: "10.0.0.0/16" },
    log: { type: "aws:ec2/flowLog:FlowLog", vpcId: "x", trafficType: "ALL", dependsOn: { vpcId: ["vpc"] } },
  },
  violations: { none: { log: undefined }, "another's": { "log:vpcId": "vpc-other", "log:dependsOn": undefined } },
});
