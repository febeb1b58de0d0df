import { resourcePolicy } from "../../frame/policy";

const EXCLUSION = "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion";

/** Block public access holds even where a gateway or a route slips in. */
export const netVpcBpa = resourcePolicy({
  name: "net-vpc-bpa",
  description: "VPC block public access is on in both directions, without exclusions",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], fsbp: ["EC2.172"], "nist-800-53r5": ["SC-7"] },
  remediation: "Set internetGatewayBlockMode to block-bidirectional and remove exclusions.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html",
  types: ["aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", EXCLUSION],
  check(resource, report) {
    if (resource.type === EXCLUSION) report.violation("it takes a part of the network out of the block");
    else report.expect(resource.at("internetGatewayBlockMode"), (mode) => mode.text() === "block-bidirectional");
  },
  remediate(inputs, type) {
    if (type === EXCLUSION || inputs["internetGatewayBlockMode"] === "block-bidirectional") return false;
    inputs["internetGatewayBlockMode"] = "block-bidirectional";
    return true;
  },
});
