import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

/** Who spoke to whom: the only record of a connection that no program logged. */
export const netVpcFlowLogs = stackPolicy({
  name: "net-vpc-flow-logs",
  description: "Every VPC has a flow log",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.6"],
    "cis-aws-3.0": ["3.7"],
    "nist-800-53r5": ["AU-12"],
    checkov: ["CKV2_AWS_11"],
    trivy: ["AWS-0178"],
    "cdk-nag": ["VPC7"],
  },
  remediation: "Add an aws.ec2.FlowLog with the vpcId and trafficType ALL.",
  url: securityHub("EC2.6"),
  types: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"), (vpc) =>
      demandCompanion(stack, report, vpc, ["aws:ec2/flowLog:FlowLog"], "vpcId", "no flow log names the VPC"),
    );
  },
});
