import { isIP } from "node:net";
import { shortRegion, tracesZone } from "../../config";
import { planEndpoints, type NetworkScope } from "./endpoints";

/**
 * Names that resolve inside the network; all others do not, so that no data leaves by DNS. A
 * wildcard is allowed only where AWS, or a private zone, answers every name below it. No query then
 * reaches a foreign name server. `example.com` does not cover `*.example.com`; the list names both.
 * Names of the company's own, an external ClickHouse and sources of code, are exact: a fixed query
 * carries no data.
 */
export function planDomains(scope: NetworkScope): string[] {
  const { region, stack, organization } = scope.context;
  const services = planEndpoints(scope).flatMap((endpoint) => endpoint.hosts);
  return [
    ...services,
    `*.s3.${region}.amazonaws.com`,
    `al2023-repos-${region}-de612dc2.s3.dualstack.${region}.amazonaws.com`,
    `*.${region}.vpce.amazonaws.com`,
    // Databases, caches and load balancers inside the network.
    `*.${region}.rds.amazonaws.com`,
    `*.${shortRegion(region)}.cache.amazonaws.com`,
    `*.${region}.elb.amazonaws.com`,
    `*.elb.${region}.amazonaws.com`,
    region === "us-east-1" ? "*.ec2.internal" : `*.${region}.compute.internal`,
    // Private zones of the gateway and of Langfuse.
    scope.host,
    ...(scope.observability ? [`*.${tracesZone(stack, organization)}`] : []),
    ...scope.sources.flatMap(({ service, hosts }) => (service === "codecommit" ? codeCommitHosts(region) : hosts)),
    ...externalHost(scope.clickHouseUrl),
  ].sort();
}

const codeCommitHosts = (region: string) =>
  ["codecommit", "git-codecommit"].map((service) => `${service}.${region}.amazonaws.com`);

/** Host of an external ClickHouse; an address needs no name. */
function externalHost(url: string | undefined): readonly string[] {
  const host = url === undefined ? "" : new URL(url).hostname;
  return host === "" || isIP(host) !== 0 ? [] : [host];
}
