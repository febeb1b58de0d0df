import { callsOf, type DeployedFilter } from "./filter-pattern";

/** The alarms of CIS AWS Foundations 3.0, 4.10 to 4.14, and what else opens or closes a network. */
export const networkFilters: readonly DeployedFilter[] = [
  {
    noun: "security-group-changes",
    description: "Security groups changed",
    pattern: (deployer) =>
      callsOf(
        "ec2",
        [
          "AuthorizeSecurityGroupIngress",
          "AuthorizeSecurityGroupEgress",
          "RevokeSecurityGroupIngress",
          "RevokeSecurityGroupEgress",
          "ModifySecurityGroupRules",
          "CreateSecurityGroup",
          "DeleteSecurityGroup",
        ],
        deployer,
      ),
  },
  {
    noun: "nacl-changes",
    description: "Network ACLs changed",
    pattern: (deployer) =>
      callsOf(
        "ec2",
        [
          "CreateNetworkAcl",
          "CreateNetworkAclEntry",
          "DeleteNetworkAcl",
          "DeleteNetworkAclEntry",
          "ReplaceNetworkAclEntry",
          "ReplaceNetworkAclAssociation",
        ],
        deployer,
      ),
  },
  {
    noun: "gateway-changes",
    description: "A way out of the network was made or removed: there must be none",
    pattern: callsOf("ec2", [
      "CreateInternetGateway",
      "AttachInternetGateway",
      "DeleteInternetGateway",
      "DetachInternetGateway",
      "CreateNatGateway",
      "CreateEgressOnlyInternetGateway",
      "CreateCustomerGateway",
      "DeleteCustomerGateway",
      "CreateTransitGatewayVpcAttachment",
      "CreateVpnConnection",
      "AttachVpnGateway",
      "AssociateAddress",
    ]),
  },
  {
    noun: "route-changes",
    description: "Routes changed",
    pattern: (deployer) =>
      callsOf(
        "ec2",
        [
          "CreateRoute",
          "CreateRouteTable",
          "ReplaceRoute",
          "ReplaceRouteTableAssociation",
          "DeleteRouteTable",
          "DeleteRoute",
          "DisassociateRouteTable",
        ],
        deployer,
      ),
  },
  {
    noun: "vpc-changes",
    description: "A VPC, its endpoints, its DNS rules, its flow logs, its load balancers or peerings changed",
    pattern: (deployer) =>
      callsOf(
        "ec2",
        [
          "CreateVpc",
          "DeleteVpc",
          "ModifyVpcAttribute",
          "CreateVpcPeeringConnection",
          "AcceptVpcPeeringConnection",
          "DeleteVpcPeeringConnection",
          "CreateVpcEndpoint",
          "ModifyVpcEndpoint",
          "DeleteVpcEndpoints",
          "ModifyVpcBlockPublicAccessOptions",
          "ModifySubnetAttribute",
          "DeleteFlowLogs",
        ],
        deployer,
      ),
    further: (deployer) => ({
      dns: callsOf(
        "route53resolver",
        [
          ...["CreateFirewallRule", "UpdateFirewallRule", "DeleteFirewallRule"],
          ...["UpdateFirewallDomains", "ImportFirewallDomains", "UpdateFirewallConfig"],
          ...["DisassociateFirewallRuleGroup", "UpdateFirewallRuleGroupAssociation"],
          ...["CreateResolverEndpoint", "AssociateResolverRule", "DisassociateResolverQueryLogConfig"],
        ],
        deployer,
      ),
      listeners: callsOf(
        "elasticloadbalancing",
        [
          ...["CreateListener", "ModifyListener", "DeleteListener", "CreateRule", "ModifyRule", "DeleteRule"],
          ...["SetRulePriorities", "SetSecurityGroups", "ModifyLoadBalancerAttributes"],
        ],
        deployer,
      ),
    }),
  },
];
