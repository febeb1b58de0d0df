import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

/** A function outside the VPC calls from the internet, past endpoints and their policies. */
export const lambdaInVpc = resourcePolicy({
  name: "lambda-in-vpc",
  description: "Functions run inside the VPC",
  severity: "medium",
  level: "mandatory",
  controls: {
    baseline: ["vpc-endpoints-only"],
    fsbp: ["Lambda.3"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_117"],
    "cdk-nag": ["R5-LambdaInsideVPC"],
  },
  remediation: "Name private subnets in vpcConfig.subnetIds and a security group.",
  url: securityHub("Lambda.3"),
  types: ["aws:lambda/function:Function"],
  check(lambda, report) {
    const subnets = lambda.at("vpcConfig.subnetIds");
    report.expect(subnets, () =>
      subnets.isUnknown ? lambda.at("vpcConfig").known() !== undefined : subnets.items().length > 0,
    );
  },
});
