import { securityHub } from "../../shared/security-hub";
import { forbids } from "./forbids";

/** A public address is a way in or out, whatever it is attached to. */
export const netNoEip = forbids(
  {
    name: "net-no-eip",
    description: "No Elastic IP address is allocated or attached",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation: "Remove the address; inside the VPC private addresses are enough.",
    url: securityHub("EC2.12"),
  },
  {
    "aws:ec2/eip:Eip": "an Elastic IP address",
    "aws:ec2/eipAssociation:EipAssociation": "an Elastic IP address's association",
  },
);
