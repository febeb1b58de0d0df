import assert from "node:assert/strict";
import { netNoPublicSsh } from "../../../src/baselines/no-public-ssh/net-no-public-ssh";
import { cases, judge, resource, UNKNOWN, violations } from "../../support";
import { GROUP, INGRESS, RULE, group, open, ssh } from "./shapes";

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
