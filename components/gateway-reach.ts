import * as pulumi from "@pulumi/pulumi";
import type { AccessFacts, GatewayFacts, KeyFacts, NetworkFacts, ObservabilityFacts } from "./facts";
import type { FunctionPlan } from "./actions/function-plan";
import { listenerPorts, toApi, toManagement } from "./gateway/listeners";
import type { StackContext } from "./kit";

/**
 * What a function of the gateway's own stack needs to call it: host, security groups, state bucket
 * and certificate authority.
 */
export interface GatewayReach extends Pick<GatewayFacts, "caCertificate"> {
  readonly host: pulumi.Input<string>;
  readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
  /** Group whose members the management listener admits. */
  readonly managementGroupId: pulumi.Input<string>;
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

/**
 * A function's way to the gateway's listeners that its plan names, and the settings that
 * `functions/shared` reads for it.
 */
export function reachGateway(
  { organization }: Pick<StackContext, "organization">,
  { connects = {} }: Pick<FunctionPlan, "connects">,
  gateway: GatewayReach,
) {
  const securityGroupId = gateway.loadBalancerSecurityGroupId;
  const ways = Object.entries({ ...toApi, ...toManagement }).filter(([noun]) => noun in connects);
  return {
    reaches: Object.fromEntries(ways.map(([noun, port]) => [noun, { securityGroupId, port }])),
    memberOf: [gateway.managementGroupId],
    environment: {
      ORGANIZATION: organization,
      GATEWAY_URL: pulumi.interpolate`https://${gateway.host}`,
      GATEWAY_MANAGEMENT_URL: pulumi.interpolate`https://${gateway.host}:${String(listenerPorts.management.listener)}`,
      // Empty with a public certificate.
      GATEWAY_CA: gateway.caCertificate.apply((pem) => pem ?? ""),
      STATE_BUCKET: gateway.stateBucket,
    },
  };
}
