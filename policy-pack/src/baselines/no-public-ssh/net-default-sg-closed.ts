import { resourcePolicy, stackPolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { ResourceView, StackView } from "../../frame/view";

const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const VPC = "aws:ec2/vpc:Vpc";
const DIRECTIONS = ["ingress", "egress"] as const;
const RULES = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
const FACTS = {
  severity: "high",
  level: "mandatory",
  remediation: "Declare aws.ec2.DefaultSecurityGroup for the VPC with no ingress and no egress.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2",
} as const;

/** What lands in a VPC without a group of its own gets the default group; it must lead nowhere. */
export const netDefaultSgClosed = resourcePolicy({
  ...FACTS,
  name: "net-default-sg-closed",
  description: "Default security groups have no rules",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.2"],
    "cis-aws-3.0": ["5.4"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV2_AWS_12"],
    trivy: ["AWS-0173"],
    "cdk-nag": ["R5-VPCDefaultSecurityGroupClosed"],
  },
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

/** Until a stack takes the default group over, it admits all traffic among its members and lets all of it out. */
export const netDefaultSgTaken = stackPolicy({
  ...FACTS,
  name: "net-default-sg-taken",
  description: "Every VPC has its default security group taken over and closed",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.2"],
    "cis-aws-3.0": ["5.4"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV2_AWS_12"],
  },
  types: [VPC],
  checkStack(stack, report) {
    report.eachResource(stack.ofType(VPC), (vpc) => {
      const { found, unsure } = stack.companions(vpc, GROUP, "vpcId");
      if (found.length > 0) report.each(found, (group) => judgeGroup(stack, report, group));
      else if (unsure[0]) report.undeterminable(unsure[0]);
      else report.violation("its default security group is left as AWS makes it");
    });
  },
});

/** A group taken over without rules can still get some from rule resources of their own. */
function judgeGroup(stack: StackView, report: Report, group: ResourceView): void {
  const inline = DIRECTIONS.filter(
    (direction) => !group.at(direction).isUnknown && group.at(direction).items().length > 0,
  );
  const apart = stack.companions(group, RULES, "securityGroupId").found;
  if (inline.length + apart.length > 0) report.violation(`its default security group ${group.name} has rules`);
}
