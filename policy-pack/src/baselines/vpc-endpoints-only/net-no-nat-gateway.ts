import { forbids } from "./forbids";

/** A NAT gateway lets everything in the VPC call out. */
export const netNoNatGateway = forbids(
  {
    name: "net-no-nat-gateway",
    description: "No NAT gateway leads to the internet",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation:
      "Remove the gateway and reach AWS services through VPC endpoints; between private networks set connectivityType to private.",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
  },
  { "aws:ec2/natGateway:NatGateway": "a public NAT gateway" },
  { path: "connectivityType", value: "private" },
);
