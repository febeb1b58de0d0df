import { resourcePolicy } from "../../frame/policy";
import { carriesEverything, publicCidrs } from "../../net/rules";
import { securityHub } from "../urls";

/** A network ACL that lets everything in is no second line of defence. */
export const netNaclNoAllPorts = resourcePolicy({
  name: "net-nacl-no-all-ports",
  description: "No network ACL lets every port in from public addresses",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.21"],
    "cis-aws-3.0": ["5.1"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_352"],
    trivy: ["AWS-0102"],
  },
  remediation: "Name a protocol and a range of ports.",
  url: securityHub("EC2.21"),
  types: [
    "aws:ec2/networkAclRule:NetworkAclRule",
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  ],
  check(acl, report) {
    const isRule = acl.type.endsWith(":NetworkAclRule");
    report.each(isRule ? acl.inputs : acl.at("ingress"), (entry) => {
      if (isRule && entry.at("egress").flag() === true) return;
      if (
        entry
          .at(isRule ? "ruleAction" : "action")
          .text()
          ?.toLowerCase() !== "allow"
      )
        return;
      if (!carriesEverything(entry.at("protocol"))) return;
      for (const cidr of publicCidrs([entry.at("cidrBlock"), entry.at("ipv6CidrBlock")])) {
        if (cidr.isUnknown) report.undeterminable(cidr);
        else report.violation(`${entry.path || "the entry"} lets every port in from ${cidr.show()}`);
      }
    });
  },
});
