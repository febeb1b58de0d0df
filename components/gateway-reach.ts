import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "./facts";
import type { StackContext } from "./kit";

/**
 * Host, security group, state bucket and certificate authority of a gateway: from its facts, or
 * from one in the same stack.
 */
export interface GatewayReach extends Pick<GatewayFacts, "caCertificate"> {
  readonly host: pulumi.Input<string>;
  readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
  readonly stateBucket: pulumi.Input<string>;
}

/** Arguments of components whose functions call a gateway. */
export interface GatewayFunctionsArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
  readonly gateway: GatewayReach;
}

/** A function's egress to the gateway, and the settings that `functions/shared` reads for it. */
export function reachGateway({ organization }: Pick<StackContext, "organization">, gateway: GatewayReach) {
  return {
    reaches: { gateway: { securityGroupId: gateway.loadBalancerSecurityGroupId, port: 443 } },
    environment: {
      ORGANIZATION: organization,
      GATEWAY_URL: pulumi.interpolate`https://${gateway.host}`,
      // Empty with a public certificate.
      GATEWAY_CA: gateway.caCertificate.apply((pem) => pem ?? ""),
      STATE_BUCKET: gateway.stateBucket,
    },
  };
}
