import { shortRegion, tracesZone } from "../../config";
import { planEndpoints, type NetworkScope } from "./endpoints";

/**
 * Names that resolve inside the network; all others do not, so that no data leaves by DNS. A
 * wildcard is allowed only where AWS, or a private zone, answers every name below it. No query then
 * reaches a foreign name server. `example.com` does not cover `*.example.com`; the list names both.
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
    // Source code, where a department's file names CodeCommit; without its endpoint the name
    // resolves to no reachable address.
    `codecommit.${region}.amazonaws.com`,
    `git-codecommit.${region}.amazonaws.com`,
  ].sort();
}
