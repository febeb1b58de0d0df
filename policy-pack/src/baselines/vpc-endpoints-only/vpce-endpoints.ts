import { resourcePolicy, type ResourcePolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { ResourceView } from "../../frame/view";
import { serviceOf } from "./services";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** A policy about endpoints of one kind; Gateway is AWS's default. */
function endpointPolicy(
  kind: "Interface" | "Gateway",
  facts: Omit<ResourcePolicy, "types" | "check" | "level">,
  judge: (endpoint: ResourceView, report: Report) => void,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    level: "mandatory",
    types: [ENDPOINT],
    check(endpoint, report) {
      if ((endpoint.at("vpcEndpointType").text() ?? "Gateway") !== kind)
        report.notApplicable(`it is no ${kind.toLowerCase()} endpoint`);
      judge(endpoint, report);
    },
  });
}

/** Without private DNS the service's usual name still leads to its public address. */
export const vpcePrivateDns = endpointPolicy(
  "Interface",
  {
    name: "vpce-private-dns",
    description: "Interface endpoints of AWS services answer to the services' usual names",
    severity: "high",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7"] },
    remediation: "Set privateDnsEnabled to true.",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    remediate(inputs) {
      if (inputs["vpcEndpointType"] !== "Interface" || inputs["privateDnsEnabled"] === true) return false;
      inputs["privateDnsEnabled"] = true;
      return true;
    },
  },
  (endpoint, report) => {
    const service = endpoint.at("serviceName");
    if (!service.isUnknown && serviceOf(service) === undefined)
      report.notApplicable("it is no endpoint of an AWS service");
    report.expect(endpoint.at("privateDnsEnabled"), (enabled) => enabled.flag() === true);
  },
);

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

/** With one zone's subnet the endpoint fails with that zone. */
export const vpceMultiAz = endpointPolicy(
  "Interface",
  {
    name: "vpce-multi-az",
    description: "Interface endpoints stand in two zones or more",
    severity: "low",
    controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["CP-10"] },
    remediation: "Name subnets of at least two zones in subnetIds.",
    url: "https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
  },
  (endpoint, report) => {
    const [ids, configurations] = [endpoint.at("subnetIds"), endpoint.at("subnetConfigurations")];
    report.expect(
      ids,
      () => Math.max(ids.items().length, configurations.items().length) >= 2,
      "it stands in fewer than two subnets",
    );
  },
);

/** A gateway endpoint works through route tables alone; without one the traffic finds no way, or another. */
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
