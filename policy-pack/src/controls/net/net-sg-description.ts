import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** A rule without a reason is never removed, for nobody knows what breaks. */
export const netSgDescription = resourcePolicy({
  name: "net-sg-description",
  description: "Security groups and their rules say what they are for",
  severity: "low",
  level: "advisory",
  controls: {
    "nist-800-53r5": ["CM-8"],
    checkov: ["CKV_AWS_23"],
    trivy: ["AWS-0099", "AWS-0124"],
    "cdk-nag": ["EC27"],
  },
  remediation: "Set description on the group and on each of its rules.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ],
  check(group, report) {
    const isTold = (value: Value): boolean =>
      !["", "Managed by Pulumi", "Managed by Terraform"].includes(value.text() ?? "");
    report.expect(group.at("description"), isTold);
    for (const key of ["ingress", "egress"]) {
      report.each(group.at(key), (rule) => report.expect(rule.at("description"), isTold));
    }
  },
});
