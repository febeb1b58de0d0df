import { naclPolicy } from "./nacl-policy";

/** A network ACL is the second line of defence behind security groups. */
export const netNaclNoPublicSsh = naclPolicy(22, {
  name: "net-nacl-no-public-ssh",
  description: "No network ACL lets SSH in from a public address",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.21"],
    "cis-aws-3.0": ["5.1"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_232"],
    trivy: ["AWS-0105"],
    "cdk-nag": ["VPC3"],
  },
});
