import { type Inputs } from "../../support";

export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
/** A rule for SSH from a private network, which each case spoils. */
export const ssh = (changes: Inputs = {}): Inputs => ({
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrBlocks: ["10.0.0.0/8"],
  ...changes,
});
export const open = (changes: Inputs = {}): Inputs => ssh({ cidrBlocks: ["0.0.0.0/0"], ...changes });
export const group = (...rules: unknown[]): Inputs => ({ ingress: rules });
