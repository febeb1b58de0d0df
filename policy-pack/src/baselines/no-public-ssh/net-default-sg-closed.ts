import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const DIRECTIONS = ["ingress", "egress"] as const;

/** What lands in a VPC without a group of its own gets the default group; it must lead nowhere. */
export const netDefaultSgClosed = resourcePolicy({
  name: "net-default-sg-closed",
  description: "Default security groups have no rules",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.2"],
    "cis-aws-3.0": ["5.4"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV2_AWS_12"],
    trivy: ["AWS-0173"],
    "cdk-nag": ["R5-VPCDefaultSecurityGroupClosed"],
  },
  remediation: "Declare aws.ec2.DefaultSecurityGroup for the VPC with no ingress and no egress.",
  url: securityHub("EC2.2"),
  types: [GROUP],
  check(group, report) {
    for (const direction of DIRECTIONS) {
      report.expect(
        group.at(direction),
        (rules) => rules.items().length === 0,
        `the default security group has ${direction} rules`,
      );
    }
  },
  remediate(inputs) {
    const open = ["ingress", "egress"].filter((key) => key in inputs);
    for (const key of open) inputs[key] = [];
    return open.length > 0;
  },
});
