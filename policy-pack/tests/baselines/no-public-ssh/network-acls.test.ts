import assert from "node:assert/strict";
import { netNaclNoPublicRdp } from "../../../src/baselines/no-public-ssh/net-nacl-no-public-rdp";
import { netNaclNoPublicSsh } from "../../../src/baselines/no-public-ssh/net-nacl-no-public-ssh";
import { cases, judge, resource, UNKNOWN, violations, type Inputs } from "../../support";

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
    passes: {
      "SSH, which is not its matter": acl(entry()),
      "the port above": acl(entry({ fromPort: 3390, toPort: 3390 })),
    },
    fails: { "Remote Desktop from everywhere": acl(entry({ fromPort: 3389, toPort: 3389 })) },
    unknown: { "a range that is not known": acl(entry({ fromPort: UNKNOWN, toPort: 3389 })) },
  });
});
