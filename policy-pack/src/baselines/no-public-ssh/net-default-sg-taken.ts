import { stackPolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { ResourceView, StackView } from "../../frame/view";
import { securityHub } from "../../shared/security-hub";

const GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const VPC = "aws:ec2/vpc:Vpc";
const DIRECTIONS = ["ingress", "egress"] as const;

const RULES = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

/**
 * Until a stack takes the default group over, it admits all traffic among its members and lets all
 * of it out.
 */
export const netDefaultSgTaken = stackPolicy({
  name: "net-default-sg-taken",
  description: "Every VPC has its default security group taken over and closed",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.2"],
    "cis-aws-3.0": ["5.4"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV2_AWS_12"],
  },
  remediation: "Declare aws.ec2.DefaultSecurityGroup for the VPC with no ingress and no egress.",
  url: securityHub("EC2.2"),
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
