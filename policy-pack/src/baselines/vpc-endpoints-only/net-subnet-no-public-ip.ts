import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

const OPENING = ["mapPublicIpOnLaunch", "assignIpv6AddressOnCreation"] as const;

/**
 * A subnet that hands out public addresses makes every instance in it reachable or able to reach
 * out.
 */
export const netSubnetNoPublicIp = resourcePolicy({
  name: "net-subnet-no-public-ip",
  description: "Subnets hand out no public addresses",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["vpc-endpoints-only"],
    fsbp: ["EC2.15"],
    "nist-800-53r5": ["AC-4", "SC-7"],
    checkov: ["CKV_AWS_130"],
    trivy: ["AWS-0164"],
    "cdk-nag": ["R5-VPCSubnetAutoAssignPublicIpDisabled"],
  },
  remediation: "Leave mapPublicIpOnLaunch and assignIpv6AddressOnCreation out or set them to false.",
  url: securityHub("EC2.15"),
  types: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
  check(subnet, report) {
    for (const key of OPENING) report.expect(subnet.at(key), (opens) => opens.flag() !== true);
  },
  remediate(inputs) {
    const open = OPENING.filter((key) => key in inputs);
    for (const key of open) inputs[key] = false;
    return open.length > 0;
  },
});
