import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayFacts, NetworkFacts } from "../facts";
import { after, type StackContext } from "../kit";

/** Arguments of {@link GatewayLink}. */
export interface GatewayLinkArgs {
  readonly context: StackContext;
  /** Name of the gateway's stack; an error names it. */
  readonly gatewayStack: string;
  /** The stack's own network. */
  readonly network: Pick<NetworkFacts, "vpcId" | "subnetIds" | "endpointSecurityGroupId">;
  /** The shared gateway, in another network. */
  readonly gateway: GatewayFacts;
}

/**
 * Connects a network to a gateway in another network by PrivateLink: one interface endpoint,
 * resolved by the gateway's own name. Nothing else of either network becomes reachable; peering
 * would open both.
 *
 * Cost: about $10 a month for each zone, and $.01 a GB.
 */
export class GatewayLink extends pulumi.ComponentResource {
  /** The gateway, after the endpoint and the name that lead to it. */
  readonly gateway: GatewayFacts;

  constructor(name: string, args: GatewayLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:GatewayLink", name, {}, opts);
    const { context, gatewayStack, network, gateway } = args;
    const child = { parent: this };
    const tagged = { tags: context.tags({ Purpose: "gateway-link" }) };

    const serviceName = gateway.endpointServiceName.apply((service) => {
      if (service !== undefined) return service;
      throw new pulumi.ResourceError(
        `the gateway has no endpoint service yet; run ${gatewayStack} first: pulumi up --stack ${gatewayStack}`,
        this,
      );
    });
    const endpoint = new aws.ec2.VpcEndpoint(
      `${name}-endpoint`,
      {
        vpcId: network.vpcId,
        serviceName,
        vpcEndpointType: "Interface",
        subnetIds: network.subnetIds,
        securityGroupIds: [network.endpointSecurityGroupId],
        // The private zone below replaces the service's private DNS name, which would need a proof
        // in public DNS.
        privateDnsEnabled: false,
        ...tagged,
      },
      child,
    );
    const zone = new aws.route53.Zone(
      `${name}-zone`,
      {
        name: gateway.host,
        comment: "The shared gateway, by its own name",
        vpcs: [{ vpcId: network.vpcId }],
        ...tagged,
      },
      child,
    );
    const address = endpoint.dnsEntries.apply((entries) => {
      const entry = entries[0];
      if (entry === undefined) throw new pulumi.ResourceError("the endpoint has no name", this);
      return entry;
    });
    const record = new aws.route53.Record(
      `${name}-record`,
      {
        zoneId: zone.zoneId,
        name: gateway.host,
        type: "A",
        aliases: [{ name: address.dnsName, zoneId: address.hostedZoneId, evaluateTargetHealth: false }],
      },
      child,
    );
    this.gateway = { ...gateway, host: after(gateway.host, [record]), url: after(gateway.url, [record]) };
    this.registerOutputs({});
  }
}
