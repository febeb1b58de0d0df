import * as pulumi from "@pulumi/pulumi";
import type { StackSpec } from "../config";
import type { AccessFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "./facts";

/** Where a gateway is and whom to trust there: of its facts, or of one that is being made. */
export interface GatewayReach extends Pick<GatewayFacts, "caCertificate"> {
  readonly host: pulumi.Input<string>;
  readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
  readonly stateBucket: pulumi.Input<string>;
}

/** What functions beside a gateway are made from. */
export interface GatewayFunctionsArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly keys: KeyFacts;
  readonly access: AccessFacts;
  readonly observability: ObservabilityFacts;
  readonly gateway: GatewayReach;
}

/** The way of a function to the gateway, and the settings that `functions/shared` reads for it. */
export function reachGateway({ spec, gateway }: Pick<GatewayFunctionsArgs, "spec" | "gateway">) {
  return {
    reaches: { gateway: { securityGroupId: gateway.loadBalancerSecurityGroupId, port: 443 } },
    environment: {
      ORGANIZATION: spec.platform.organization,
      GATEWAY_URL: pulumi.interpolate`https://${gateway.host}`,
      // Empty with a public certificate.
      GATEWAY_CA: gateway.caCertificate.apply((pem) => pem ?? ""),
      STATE_BUCKET: gateway.stateBucket,
    },
  };
}
