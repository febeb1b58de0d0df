import { endpointPolicy } from "./endpoint-policy";
import { serviceOf } from "./services";

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
