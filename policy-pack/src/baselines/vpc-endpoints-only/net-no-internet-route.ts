import { resourcePolicy } from "../../frame/policy";
import { all, some, type Tri } from "../../frame/tri";
import type { Value } from "../../frame/value";
import { hasPublic, parseCidr, type Range } from "../../net/cidr";

const ROUTE = "aws:ec2/route:Route";
/** Targets that lead to the internet by their nature: there any public destination is too much. */
const INTERNET = ["natGatewayId", "egressOnlyGatewayId", "carrierGatewayId"];
/**
 * Targets that may lead there in the end: there a destination as wide as the internet is too much.
 */
const ONWARD = [
  "transitGatewayId",
  "networkInterfaceId",
  "instanceId",
  "vpcPeeringConnectionId",
  "coreNetworkArn",
  "localGatewayId",
  "vpcEndpointId",
  "odbNetworkArn",
];

/**
 * Is the block so wide that it stands for the internet: /8 and wider, IPv6 /16 and wider? Halves
 * and quarters are.
 */
function isWide(range: Range): boolean {
  return range.last - range.first + 1n >= (range.family === 4 ? 1n << 24n : 1n << 112n);
}

/**
 * Does the gateway lead to the internet? `local`, virtual private gateways and gateway endpoints do
 * not.
 */
function leadsOut(gateway: Value): Tri {
  const text = gateway.text();
  return text !== undefined && text !== "" && !/^(local$|vgw-|vpce-)/.test(text);
}

/** The default route is what turns a gateway into a way out. */
export const netNoInternetRoute = resourcePolicy({
  name: "net-no-internet-route",
  description: "No route leads to the internet",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["vpc-endpoints-only"],
    "nist-800-53r5": ["AC-4", "SC-7"],
    "cdk-nag": ["R5-VPCNoUnrestrictedRouteToIGW"],
  },
  remediation: "Remove the route; route tables hold local routes, gateway endpoints and named private networks only.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
  types: [ROUTE, "aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"],
  check(resource, report) {
    const single = resource.type === ROUTE;
    report.each(single ? [resource.inputs] : resource.at("routes").items(), (route) => {
      const destinations = single
        ? ["destinationCidrBlock", "destinationIpv6CidrBlock"]
        : ["cidrBlock", "ipv6CidrBlock"];
      report.each(destinations, (key) => {
        const destination = route.at(key);
        if (destination.isAbsent) return;
        const answer = all(
          () => hasPublic(rangeOf(destination)),
          () => some([...INTERNET, ...ONWARD, "gatewayId"], (target) => leads(route.at(target), target, destination)),
        );
        report.decide(
          answer,
          destination,
          `${route.path || "the route"} sends ${destination.show()} out of the network`,
        );
      });
    });
  },
});

function leads(target: Value, name: string, destination: Value): Tri {
  if (target.isAbsent) return false;
  if (INTERNET.includes(name)) return true;
  const wide = isWide(rangeOf(destination));
  if (name !== "gatewayId") return wide && (target.isUnknown || target.text() !== "");
  // Whichever gateway it turns out to be, the whole internet has no business there.
  return target.isUnknown ? wide || "unknown" : leadsOut(target);
}

/**
 * The destination as a range; what is no CIDR block is refused by AWS and counts as the empty
 * private one.
 */
function rangeOf(destination: Value): Range {
  return parseCidr(destination.text() ?? "") ?? { family: 4, first: 0n, last: 0n };
}
