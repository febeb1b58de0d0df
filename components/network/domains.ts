import { gatewayHost, shortRegion, tracesZone, type StackSpec } from "../../config";
import { planEndpoints } from "./endpoints";

/**
 * Names that resolve inside the network; all others do not, so that no data leaves by DNS. A
 * wildcard is allowed only where AWS, or a private zone, answers every name below it. No query then
 * reaches a foreign name server. `example.com` does not cover `*.example.com`; the list names both.
 */
export function planDomains(spec: StackSpec): string[] {
  const { region, platform } = spec;
  const services = planEndpoints(spec).flatMap((endpoint) => endpoint.hosts);
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
    gatewayHost(spec.gateway ? spec.stack : platform.stack, platform),
    ...(spec.observability ? [`*.${tracesZone(spec.stack, platform.organization)}`] : []),
    // Source code, where a department's file names CodeCommit; without its endpoint the name
    // resolves to no reachable address.
    `codecommit.${region}.amazonaws.com`,
    `git-codecommit.${region}.amazonaws.com`,
  ].sort();
}
