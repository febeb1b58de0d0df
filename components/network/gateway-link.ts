import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags, type StackSpec } from "../../config";
import type { GatewayFacts, NetworkFacts } from "../facts";

/** Arguments of {@link GatewayLink}. */
export interface GatewayLinkArgs {
  readonly spec: StackSpec;
  /** The stack's own network. */
  readonly network: NetworkFacts;
  /** The shared gateway, in another network. */
  readonly gateway: GatewayFacts;
}

/**
 * Joins a network of one's own to a gateway in another by PrivateLink: one interface endpoint and the gateway's own name for it. Nothing else
 * of either network becomes reachable, which peering would not give.
 *
 * Cost: about $10 a month for each zone, and $.01 a GB.
 */
export class GatewayLink extends pulumi.ComponentResource {
  constructor(name: string, args: GatewayLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:GatewayLink", name, {}, opts);
    const { spec, network, gateway } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "gateway-link" }) };

    const serviceName = gateway.endpointServiceName.apply((service) => {
      if (service !== undefined) return service;
      throw new pulumi.ResourceError(
        `the gateway has no endpoint service yet; run ${spec.platform.stack} first: pulumi up --stack ${spec.platform.stack}`,
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
        // The name below stands for it: a private name of the service itself would have to be proved on the public internet.
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
    new aws.route53.Record(
      `${name}-record`,
      {
        zoneId: zone.zoneId,
        name: gateway.host,
        type: "A",
        aliases: [{ name: address.dnsName, zoneId: address.hostedZoneId, evaluateTargetHealth: false }],
      },
      child,
    );
    this.registerOutputs({});
  }
}
