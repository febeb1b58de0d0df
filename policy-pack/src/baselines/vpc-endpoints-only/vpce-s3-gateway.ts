import { endpointPolicy } from "./endpoint-policy";

/** A gateway endpoint works through route tables alone; without one no traffic uses it. */
export const vpceS3Gateway = endpointPolicy(
  "Gateway",
  {
    name: "vpce-s3-gateway",
    description: "Gateway endpoints are in the route tables of their VPC",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation: "Name the private subnets' route tables in routeTableIds.",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
  },
  (endpoint, report) =>
    report.expect(
      endpoint.at("routeTableIds"),
      (tables) => tables.isUnknown || tables.items().length > 0,
      "no route table leads to it",
    ),
);
