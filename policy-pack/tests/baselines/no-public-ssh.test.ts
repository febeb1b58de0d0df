import assert from "node:assert/strict";
import { ec2NoInstanceConnect } from "../../src/baselines/no-public-ssh/ec2-no-instance-connect";
import { ec2NoKeyPair } from "../../src/baselines/no-public-ssh/ec2-no-key-pair";
import { ec2NoPublicIp } from "../../src/baselines/no-public-ssh/ec2-no-public-ip";
import { netDefaultSgClosed } from "../../src/baselines/no-public-ssh/net-default-sg-closed";
import { netDefaultSgTaken } from "../../src/baselines/no-public-ssh/net-default-sg-taken";
import { netNaclNoPublicRdp } from "../../src/baselines/no-public-ssh/net-nacl-no-public-rdp";
import { netNaclNoPublicSsh } from "../../src/baselines/no-public-ssh/net-nacl-no-public-ssh";
import { netNoOpenServiceSsh } from "../../src/baselines/no-public-ssh/net-no-open-service-ssh";
import { netNoPublicSsh } from "../../src/baselines/no-public-ssh/net-no-public-ssh";
import { netNoSshListener } from "../../src/baselines/no-public-ssh/net-no-ssh-listener";
import { netNoPublicSshPrefixList } from "../../src/baselines/no-public-ssh/net-no-public-ssh-prefix-list";
import { netPrefixListNotPublic } from "../../src/baselines/no-public-ssh/net-prefix-list-not-public";
import { remediated } from "../../src/frame/judge";
import { cases, judge, resource, UNKNOWN, urnOf, violations, type Inputs } from "../support";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const VPC = "aws:ec2/vpc:Vpc";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

/** A rule for SSH from a private network, which each case spoils. */
const ssh = (changes: Inputs = {}): Inputs => ({
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrBlocks: ["10.0.0.0/8"],
  ...changes,
});
const open = (changes: Inputs = {}): Inputs => ssh({ cidrBlocks: ["0.0.0.0/0"], ...changes });
const group = (...rules: unknown[]): Inputs => ({ ingress: rules });

describe("no public SSH: security groups", () => {
  cases(netNoPublicSsh, {
    type: GROUP,
    passes: {
      "no rules": {},
      "SSH from a private network": group(ssh()),
      "SSH from another group": group(ssh({ cidrBlocks: [], securityGroups: ["sg-1"] })),
      "SSH from shared address space": group(ssh({ cidrBlocks: ["100.64.0.0/10"] })),
      "SSH from a unique local address": group(ssh({ cidrBlocks: [], ipv6CidrBlocks: ["fd00::/8"] })),
      "HTTPS from everywhere": group(open({ fromPort: 443, toPort: 443 })),
      "port 222 from everywhere": group(open({ fromPort: 222, toPort: 222 })),
      "the ports below and above": group(open({ fromPort: 0, toPort: 21 }), open({ fromPort: 23, toPort: 65535 })),
      "tcp 0-0, which is port 0 alone": group(open({ fromPort: 0, toPort: 0 })),
      "ICMP of any type": group(open({ protocol: "icmp", fromPort: -1, toPort: -1 })),
      "UDP on port 22": group(open({ protocol: "udp" })),
      "UDP by number": group(open({ protocol: "17" })),
      "an unknown port from a private network": group(ssh({ fromPort: UNKNOWN, toPort: UNKNOWN })),
      "an unknown source on another port": group(ssh({ fromPort: 443, toPort: 443, cidrBlocks: UNKNOWN })),
      "what is no address, which AWS refuses": group(ssh({ cidrBlocks: ["not a network"] })),
      "egress to everywhere, which another policy judges": { egress: [open()] },
    },
    fails: {
      "SSH from everywhere": group(open()),
      "a public block that is not /0": group(ssh({ cidrBlocks: ["203.0.113.7/32"] })),
      "half of the internet": group(ssh({ cidrBlocks: ["128.0.0.0/1"] })),
      "a private block made so wide that it is public": group(ssh({ cidrBlocks: ["10.0.0.0/7"] })),
      "host bits in the block": group(ssh({ cidrBlocks: ["10.1.2.3/0"] })),
      "a public block after a private one": group(ssh({ cidrBlocks: ["10.0.0.0/8", "8.8.8.8/32"] })),
      "IPv6 from everywhere": group(ssh({ cidrBlocks: [], ipv6CidrBlocks: ["::/0"] })),
      "IPv6 written out": group(ssh({ ipv6CidrBlocks: ["0000:0000:0000:0000:0000:0000:0000:0000/0"] })),
      "IPv6 in capitals": group(ssh({ ipv6CidrBlocks: ["2001:DB8::/32"] })),
      "IPv4 in IPv6 clothes": group(ssh({ ipv6CidrBlocks: ["::ffff:0.0.0.0/96"] })),
      "a range around 22": group(open({ fromPort: 20, toPort: 25 })),
      "a range that ends at 22": group(open({ fromPort: 0, toPort: 22 })),
      "a range that begins at 22": group(open({ fromPort: 22, toPort: 65535 })),
      "all protocols, whatever the ports": group(open({ protocol: "-1", fromPort: 0, toPort: 0 })),
      "all protocols by name": group(open({ protocol: "ALL", fromPort: 443, toPort: 443 })),
      "TCP by number": group(open({ protocol: "6" })),
      "TCP in capitals": group(open({ protocol: "TCP" })),
      "TCP by a number that is one": group(open({ protocol: 6 })),
      "ports as text": group(open({ fromPort: "22", toPort: "22" })),
      "TCP without ports": group({ protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }),
      "TCP with ports of -1": group(open({ fromPort: -1, toPort: -1 })),
      "the second of two rules": group(ssh(), open()),
      "a rule given as one object": { ingress: open() },
    },
    unknown: {
      "a source that is not known": group(ssh({ cidrBlocks: [UNKNOWN] })),
      "sources that are not known": group(ssh({ cidrBlocks: UNKNOWN })),
      "a protocol that is not known": group(open({ protocol: UNKNOWN })),
      "a port that is not known": group(open({ fromPort: UNKNOWN })),
      "a rule that is not known": group(UNKNOWN),
      "rules that are not known": { ingress: UNKNOWN },
    },
    both: {
      "an open rule after one that is not known": group(UNKNOWN, open()),
      "an open source beside one that is not known": group(ssh({ cidrBlocks: [UNKNOWN, "0.0.0.0/0"] })),
      "an open IPv6 source beside IPv4 ones that are not known": group(
        ssh({ cidrBlocks: UNKNOWN, ipv6CidrBlocks: ["::/0"] }),
      ),
    },
  });

  cases(netNoPublicSsh, {
    type: RULE,
    passes: {
      "an egress rule": open({ type: "egress" }),
      "SSH from itself": { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, self: true },
    },
    fails: {
      "an ingress rule of its own": open({ type: "ingress" }),
      "a direction in capitals": open({ type: "INGRESS" }),
    },
    unknown: { "a direction that is not known": open({ type: UNKNOWN }) },
  });

  cases(netNoPublicSsh, {
    type: INGRESS,
    passes: { "a private source": { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "192.168.0.0/16" } },
    fails: {
      "a public IPv4 source": { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" },
      "a public IPv6 source for all protocols": { ipProtocol: "-1", cidrIpv6: "::/0" },
    },
    unknown: { "a source that is not known": { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: UNKNOWN } },
  });

  it("names the rule and the source, and nothing that is fine", () => {
    const found = violations(
      judge(netNoPublicSsh, resource(GROUP, group(ssh(), open({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] })))),
    );
    assert.deepEqual(found, ['ingress[1] admits TCP port 22 from "0.0.0.0/0"']);
  });
});

describe("no public SSH: prefix lists", () => {
  cases(netPrefixListNotPublic, {
    type: LIST,
    passes: {
      "private networks": { entries: [{ cidr: "10.0.0.0/8" }] },
      "one office": { entries: [{ cidr: "203.0.113.7/32" }] },
      "half of the internet": { entries: [{ cidr: "0.0.0.0/1" }] },
    },
    fails: {
      "the whole internet": { entries: [{ cidr: "0.0.0.0/0" }] },
      "two halves": { entries: [{ cidr: "128.0.0.0/1" }, { cidr: "0.0.0.0/1" }] },
      "three parts that come to the whole": { entries: [{ cidr: "::/1" }, { cidr: "8000::/2" }, { cidr: "c000::/2" }] },
    },
    unknown: { "an entry that is not known": { entries: [{ cidr: UNKNOWN }] } },
    both: {
      "the whole internet beside an entry that is not known": { entries: [{ cidr: UNKNOWN }, { cidr: "0.0.0.0/0" }] },
    },
  });

  const named = (cidr: unknown, changes: Inputs = {}) => [
    resource(GROUP, group(ssh({ cidrBlocks: [], prefixListIds: ["pl-1"], ...changes }))),
    resource(LIST, { id: "pl-1", entries: [{ cidr }] }, "list"),
  ];
  cases(netNoPublicSshPrefixList, {
    passes: {
      "a list of private networks": named("10.0.0.0/8"),
      "a public list on another port": named("0.0.0.0/0", { fromPort: 443, toPort: 443 }),
      "rules without lists": [resource(GROUP, group(open()))],
    },
    fails: {
      "a list with a public address": named("203.0.113.7/32"),
      "an entry stated apart": [
        resource(INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: "pl-1" }),
        resource(LIST, { id: "pl-1" }, "list"),
        resource(
          "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
          { prefixListId: "pl-1", cidr: "8.8.8.8/32" },
          "entry",
        ),
      ],
      "a list known by dependency alone": [
        resource(INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: UNKNOWN }, "it", {
          propertyDependencies: { prefixListId: [urnOf(LIST, "list")] },
        }),
        resource(LIST, { entries: [{ cidr: "0.0.0.0/0" }] }, "list"),
      ],
    },
    unknown: {
      "a list of another stack": [resource(GROUP, group(ssh({ cidrBlocks: [], prefixListIds: ["pl-9"] })))],
      "a list with an entry that is not known": named(UNKNOWN),
    },
  });
});

describe("no public SSH: default security groups", () => {
  cases(netDefaultSgClosed, {
    type: DEFAULT,
    passes: { "no rules": { vpcId: "vpc-1" }, "empty rules": { ingress: [], egress: [] } },
    fails: { "an ingress rule": { ingress: [ssh()] }, "an egress rule": { egress: [open()] } },
    unknown: { "rules that are not known": { ingress: UNKNOWN } },
    both: { "egress beside ingress that is not known": { ingress: UNKNOWN, egress: [open()] } },
  });
  cases(netDefaultSgTaken, {
    passes: {
      "a VPC whose group is taken over": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1" }, "closed"),
      ],
    },
    fails: {
      "a VPC whose group is left alone": [resource(VPC, { id: "vpc-1" })],
      "a VPC beside one that is in order": [
        resource(VPC, { id: "vpc-1" }),
        resource(VPC, { id: "vpc-2" }, "other"),
        resource(DEFAULT, { vpcId: "vpc-1" }, "closed"),
      ],
      "rules stated apart": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1", id: "sg-1" }, "taken"),
        resource(RULE, { securityGroupId: "sg-1", type: "ingress" }, "rule"),
      ],
      "rules stated inline": [
        resource(VPC, { id: "vpc-1" }),
        resource(DEFAULT, { vpcId: "vpc-1", egress: [open()] }, "taken"),
      ],
    },
    unknown: {
      "a group of a VPC that is not known": [resource(VPC, {}), resource(DEFAULT, { vpcId: UNKNOWN }, "closed")],
    },
  });
  it("net-default-sg-closed empties the rules where asked to", () => {
    const inputs: Inputs = { ingress: [open()], vpcId: "vpc-1" };
    assert.equal(remediated(netDefaultSgClosed, inputs, DEFAULT), true);
    assert.deepEqual(inputs, { ingress: [], vpcId: "vpc-1" });
    assert.equal(remediated(netDefaultSgClosed, {}, DEFAULT), false);
  });
});

describe("no public SSH: network ACLs", () => {
  const ACL = "aws:ec2/networkAcl:NetworkAcl";
  const entry = (changes: Inputs = {}): Inputs => ({
    ruleNo: 100,
    action: "allow",
    protocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrBlock: "0.0.0.0/0",
    ...changes,
  });
  const acl = (...entries: Inputs[]): Inputs => ({ ingress: entries });
  cases(netNaclNoPublicSsh, {
    type: ACL,
    passes: {
      "a private network": acl(entry({ cidrBlock: "10.0.0.0/8" })),
      "another port": acl(entry({ fromPort: 443, toPort: 443 })),
      "a Deny before the Allow": acl(entry({ ruleNo: 200 }), entry({ ruleNo: 100, action: "deny" })),
      "a Deny of both halves before the Allow": acl(
        entry({ ruleNo: 1, action: "deny", cidrBlock: "0.0.0.0/1" }),
        entry({ ruleNo: 2, action: "deny", cidrBlock: "128.0.0.0/1" }),
        entry(),
      ),
      "a Deny of all protocols before": acl(entry({ ruleNo: 1, action: "deny", protocol: "-1" }), entry()),
      egress: { egress: [entry()] },
    },
    fails: {
      everywhere: acl(entry()),
      IPv6: acl(entry({ cidrBlock: undefined, ipv6CidrBlock: "::/0" })),
      "all protocols": acl(entry({ protocol: "all", fromPort: 0, toPort: 0 })),
      "a Deny that comes too late": acl(entry({ ruleNo: 100 }), entry({ ruleNo: 200, action: "deny" })),
      "a Deny of one half alone": acl(entry({ ruleNo: 1, action: "deny", cidrBlock: "0.0.0.0/1" }), entry()),
      "a Deny of IPv4 before an Allow of IPv6": acl(
        entry({ ruleNo: 1, action: "deny" }),
        entry({ cidrBlock: undefined, ipv6CidrBlock: "::/0" }),
      ),
      "an action in capitals": acl(entry({ action: "ALLOW" })),
      "a Deny of another port before": acl(entry({ ruleNo: 1, action: "deny", fromPort: 443, toPort: 443 }), entry()),
      "a Deny of ports that are not known before": acl(
        entry({ ruleNo: 1, action: "deny", fromPort: UNKNOWN }),
        entry(),
      ),
      "a Deny whose number is not known": acl(entry({ ruleNo: UNKNOWN, action: "deny" }), entry()),
    },
    unknown: {
      "a source that is not known": acl(entry({ cidrBlock: UNKNOWN })),
      "a port that is not known": acl(entry({ fromPort: UNKNOWN })),
      "an action that is not known": acl(entry({ action: UNKNOWN, ruleNo: UNKNOWN })),
    },
    both: { "an open entry after one that is not known": acl(entry({ cidrBlock: UNKNOWN }), entry({ ruleNo: 200 })) },
  });
  cases(netNaclNoPublicSsh, {
    type: "aws:ec2/networkAclRule:NetworkAclRule",
    passes: {
      "an egress rule": { egress: true, ruleNumber: 1, ruleAction: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0" },
      "a Deny": {
        ruleNumber: 1,
        ruleAction: "deny",
        protocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrBlock: "0.0.0.0/0",
      },
    },
    fails: {
      "an ingress rule": {
        ruleNumber: 1,
        ruleAction: "allow",
        protocol: "6",
        fromPort: 22,
        toPort: 22,
        cidrBlock: "0.0.0.0/0",
      },
    },
  });
  it("net-nacl-no-public-ssh names each open entry", () => {
    const found = violations(
      judge(
        netNaclNoPublicSsh,
        resource(ACL, acl(entry({ ruleNo: 2 }), entry({ ruleNo: 1, cidrBlock: "8.8.8.8/32" }))),
      ),
    );
    assert.deepEqual(found, [
      'ingress[1] allows TCP port 22 from "8.8.8.8/32"',
      'ingress[0] allows TCP port 22 from "0.0.0.0/0"',
    ]);
    const single = resource("aws:ec2/networkAclRule:NetworkAclRule", { ...entry(), ruleAction: "allow" });
    assert.deepEqual(violations(judge(netNaclNoPublicSsh, single)), ['the entry allows TCP port 22 from "0.0.0.0/0"']);
  });
  cases(netNaclNoPublicRdp, {
    type: ACL,
    passes: { "SSH, which is not its matter": acl(entry()) },
    fails: { "Remote Desktop from everywhere": acl(entry({ fromPort: 3389, toPort: 3389 })) },
  });
});

describe("no public SSH: machines", () => {
  const INSTANCE = "aws:ec2/instance:Instance";
  const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
  cases(ec2NoPublicIp, {
    type: INSTANCE,
    passes: { "no word of it": {}, false: { associatePublicIpAddress: false } },
    fails: { true: { associatePublicIpAddress: true }, "true as text": { associatePublicIpAddress: "true" } },
    unknown: { "what is not known": { associatePublicIpAddress: UNKNOWN } },
  });
  cases(ec2NoPublicIp, {
    type: TEMPLATE,
    passes: { 'the text "false"': { networkInterfaces: [{ associatePublicIpAddress: "false" }] } },
    fails: {
      'the text "true"': { networkInterfaces: [{ associatePublicIpAddress: "true" }] },
      "the second interface": { networkInterfaces: [{}, { associatePublicIpAddress: "True" }] },
    },
    both: {
      "an open interface after one that is not known": {
        networkInterfaces: [{ associatePublicIpAddress: UNKNOWN }, { associatePublicIpAddress: "true" }],
      },
    },
  });
  it("ec2-no-public-ip switches the address off where asked to", () => {
    const inputs: Inputs = { associatePublicIpAddress: true, ami: "ami-1" };
    assert.equal(remediated(ec2NoPublicIp, inputs, INSTANCE), true);
    assert.deepEqual(inputs, { associatePublicIpAddress: false, ami: "ami-1" });
    assert.equal(remediated(ec2NoPublicIp, inputs, INSTANCE), false);
  });
  cases(ec2NoKeyPair, {
    type: INSTANCE,
    passes: { "no key": {}, "an empty name": { keyName: "" } },
    fails: { "a key": { keyName: "mine" }, "a key whose name is not known": { keyName: UNKNOWN } },
  });
  cases(ec2NoKeyPair, { type: "aws:ec2/keyPair:KeyPair", fails: { "a key pair": {} } });
  cases(ec2NoKeyPair, {
    type: "aws:eks/nodeGroup:NodeGroup",
    passes: { "no access": {} },
    fails: { "a key for nodes": { remoteAccess: { ec2SshKey: "k" } } },
  });
  cases(ec2NoKeyPair, {
    type: "aws:ec2/spotFleetRequest:SpotFleetRequest",
    passes: { "no key": { launchSpecifications: [{}] } },
    fails: { "a key in the second specification": { launchSpecifications: [{}, { keyName: "k" }] } },
  });
  it("ec2-no-key-pair takes the key away where asked to", () => {
    const inputs: Inputs = { keyName: "mine", ami: "ami-1" };
    assert.equal(remediated(ec2NoKeyPair, inputs, INSTANCE), true);
    assert.deepEqual(inputs, { ami: "ami-1" });
    assert.equal(remediated(ec2NoKeyPair, inputs, INSTANCE), false);
    assert.equal(remediated(ec2NoKeyPair, {}, "aws:ec2/keyPair:KeyPair"), false);
  });
});

describe("no public SSH: Instance Connect", () => {
  const POLICY = "aws:iam/policy:Policy";
  const policy = (...statements: Inputs[]): Inputs => ({ policy: JSON.stringify({ Statement: statements }) });
  cases(ec2NoInstanceConnect, {
    type: "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
    fails: { "an endpoint": {} },
  });
  cases(ec2NoInstanceConnect, {
    type: "aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    passes: { "a closed console": { enabled: false } },
    fails: { "an open console": { enabled: true }, "its default": {} },
  });
  cases(ec2NoInstanceConnect, {
    type: POLICY,
    passes: {
      "other actions": policy({ Effect: "Allow", Action: "ec2:Describe*", Resource: "*" }),
      "a Deny": policy({ Effect: "Deny", Action: "ec2-instance-connect:*", Resource: "*" }),
    },
    fails: {
      "sending a key": policy({ Effect: "Allow", Action: "ec2-instance-connect:SendSSHPublicKey", Resource: "*" }),
      "a wildcard": policy({ Effect: "Allow", Action: "ec2-instance-connect:*", Resource: "*" }),
      "everything but something else": policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    },
    unknown: { "a document that is not known": { policy: UNKNOWN } },
  });
});

describe("no public SSH: what stands in front", () => {
  cases(netNoSshListener, {
    type: "aws:lb/listener:Listener",
    passes: { HTTPS: { port: 443 } },
    fails: { SSH: { port: 22 }, "SSH as text": { port: "22" } },
    unknown: { "a port that is not known": { port: UNKNOWN } },
  });
  cases(netNoSshListener, {
    type: "aws:lb/targetGroup:TargetGroup",
    passes: { "port 8080": { port: 8080 } },
    fails: { "a target on port 22": { port: 22 } },
  });
  cases(netNoSshListener, {
    type: "aws:elb/loadBalancer:LoadBalancer",
    passes: { HTTPS: { listeners: [{ lbPort: 443, instancePort: 443 }] } },
    fails: {
      "a listener on 22": { listeners: [{ lbPort: 22, instancePort: 80 }] },
      "another port handed on to 22": { listeners: [{ lbPort: 2222, instancePort: 22 }] },
    },
  });
  cases(netNoSshListener, {
    type: "aws:globalaccelerator/listener:Listener",
    passes: {
      UDP: { protocol: "UDP", portRanges: [{ fromPort: 1, toPort: 100 }] },
      "other ports": { protocol: "TCP", portRanges: [{ fromPort: 80, toPort: 80 }] },
    },
    fails: { "a range with 22": { protocol: "TCP", portRanges: [{ fromPort: 1, toPort: 100 }] } },
  });
  cases(netNoSshListener, {
    type: "aws:globalaccelerator/endpointGroup:EndpointGroup",
    fails: { "a port handed on to 22": { portOverrides: [{ listenerPort: 443, endpointPort: 22 }] } },
  });
  cases(netNoSshListener, {
    type: "aws:lightsail/instancePublicPorts:InstancePublicPorts",
    passes: {
      HTTPS: { portInfos: [{ protocol: "tcp", fromPort: 443, toPort: 443 }] },
      "SSH from a private network": {
        portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["10.0.0.0/8"] }],
      },
      UDP: { portInfos: [{ protocol: "udp", fromPort: 0, toPort: 65535 }] },
    },
    fails: {
      "SSH from nowhere named, which is everywhere": { portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22 }] },
      "SSH from a public network": {
        portInfos: [{ protocol: "all", fromPort: 0, toPort: 65535, cidrs: ["0.0.0.0/0"] }],
      },
      "SSH from a named alias": {
        portInfos: [
          { protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["10.0.0.0/8"], cidrListAliases: ["lightsail-connect"] },
        ],
      },
    },
    unknown: {
      "a network that is not known": { portInfos: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: [UNKNOWN] }] },
    },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:eks/nodeGroup:NodeGroup",
    passes: {
      "no key": {},
      "a key for one group": { remoteAccess: { ec2SshKey: "k", sourceSecurityGroupIds: ["sg-1"] } },
    },
    fails: { "a key for the world": { remoteAccess: { ec2SshKey: "k" } } },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:cloud9/environmentEC2:EnvironmentEC2",
    passes: { "Session Manager": { connectionType: "CONNECT_SSM" } },
    fails: { "its default": {}, SSH: { connectionType: "CONNECT_SSH" } },
  });
  cases(netNoOpenServiceSsh, {
    type: "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration",
    passes: { "a block without exceptions": { blockPublicSecurityGroupRules: true } },
    fails: {
      "no block": { blockPublicSecurityGroupRules: false },
      "an exception for 22": {
        blockPublicSecurityGroupRules: true,
        permittedPublicSecurityGroupRuleRanges: [{ minRange: 22, maxRange: 22 }],
      },
    },
  });
  cases(netNoOpenServiceSsh, {
    type: "awsx:lb:ApplicationLoadBalancer",
    passes: {
      "groups of one's own": { securityGroups: ["sg-1"] },
      "no default group": { defaultSecurityGroup: { skip: true } },
    },
    fails: { "awsx's default group": { internal: true } },
  });
  cases(netNoOpenServiceSsh, {
    type: "awsx:ecs:FargateService",
    passes: {
      "a component without inputs, whose parts are judged": {},
      "a network of one's own": { networkConfiguration: { subnets: ["s"] } },
    },
    fails: { "awsx's default group": { taskDefinitionArgs: {} } },
  });
});
