import { endpointPolicy } from "./endpoint-policy";

/** Without a group of its own an endpoint gets the VPC's default group. */
export const vpceExplicitSg = endpointPolicy(
  "Interface",
  {
    name: "vpce-explicit-sg",
    description: "Interface endpoints name their security groups",
    severity: "medium",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation: "Name a security group in securityGroupIds that admits port 443 from the workloads.",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
  },
  (endpoint, report) =>
    report.expect(endpoint.at("securityGroupIds"), (groups) => groups.isUnknown || groups.items().length > 0),
);
