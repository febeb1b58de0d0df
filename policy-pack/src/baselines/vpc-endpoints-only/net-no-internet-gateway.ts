import { forbids } from "./forbids";

/** With an internet gateway, one route opens the network. */
export const netNoInternetGateway = forbids(
  {
    name: "net-no-internet-gateway",
    description: "No VPC has an internet gateway",
    severity: "critical",
    controls: {
      baseline: ["vpc-endpoints-only"],
      fsbp: ["EC2.172"],
      "nist-800-53r5": ["AC-4", "CM-7"],
      "cdk-nag": ["R5-VPCNoUnrestrictedRouteToIGW"],
    },
    remediation: "Remove the gateway; reach AWS services through VPC endpoints.",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
  },
  {
    "aws:ec2/internetGateway:InternetGateway": "an internet gateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": "an internet gateway's attachment",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": "an egress-only internet gateway",
    "aws:ec2/carrierGateway:CarrierGateway": "a carrier gateway",
    "aws:ec2/defaultVpc:DefaultVpc": "the default VPC, which has an internet gateway",
    "awsx:ec2:Vpc": "awsx's VPC, which always makes an internet gateway",
    "awsx:ec2:DefaultVpc": "the default VPC, which has an internet gateway",
  },
);
