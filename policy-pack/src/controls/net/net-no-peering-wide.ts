import { resourcePolicy } from "../../frame/policy";

const TABLES = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"];

/** A peering joins two networks; the routes decide how much of each. */
export const netNoPeeringWide = resourcePolicy({
  name: "net-no-peering-wide",
  description: "Routes over a peering lead to subnets, not to whole networks",
  severity: "low",
  level: "advisory",
  controls: { "cis-aws-3.0": ["5.5"], "nist-800-53r5": ["AC-4"], checkov: ["CKV2_AWS_44"] },
  remediation: "Route only the blocks of the subnets that are needed.",
  url: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
  types: ["aws:ec2/route:Route", ...TABLES],
  config: { minPrefix: { type: "integer", description: "The shortest prefix that is accepted", default: 20 } },
  check(resource, report, config) {
    const shortest = config.at("minPrefix").number() ?? 20;
    const routes = TABLES.includes(resource.type) ? resource.at("routes") : resource.inputs;
    report.each(routes, (route) => {
      if (route.at("vpcPeeringConnectionId").isAbsent) return;
      const destination = [route.at("cidrBlock"), route.at("destinationCidrBlock")].find((block) => block.isSet);
      if (destination === undefined) return;
      const length = Number(/\/(\d+)$/.exec(destination.text() ?? "")?.[1] ?? 32);
      if (length < shortest)
        report.violation(`${destination.path} ${destination.show()} is routed to the peer as a whole`);
    });
  },
});
