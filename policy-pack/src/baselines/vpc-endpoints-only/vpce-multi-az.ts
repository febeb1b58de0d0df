import { endpointPolicy } from "./endpoint-policy";

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
