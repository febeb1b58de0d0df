import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts } from "../facts";
import { reach, securityGroup, type StackContext } from "../kit";
import { listenerPorts } from "./listeners";

/** The API's port, here and at the gateway's load balancer; management's is not offered. */
const port = listenerPorts.api.listener;

/** Arguments of {@link GatewayEndpointService}. */
export interface GatewayEndpointServiceArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  /** Known once the load balancer listens for the API. */
  readonly loadBalancerArn: pulumi.Input<string>;
  readonly loadBalancerGroupId: pulumi.Input<string>;
}

/**
 * The gateway for departments with a network of their own: PrivateLink ends at a network load balancer, which hands connections to the
 * gateway's. Made while a department of another network uses the gateway.
 *
 * Cost: about $18 a month and what it carries.
 */
export class GatewayEndpointService extends pulumi.ComponentResource {
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: GatewayEndpointServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayEndpointService", name, {}, opts);
    const tags = args.context.tags({ Purpose: "gateway-endpoint-service" });
    const balancer = this.#balancer(name, args, tags);
    this.#forward(name, args, balancer, tags);
    const service = new aws.ec2.VpcEndpointService(
      `${name}-service`,
      {
        acceptanceRequired: false,
        allowedPrincipals: [args.context.arns.root],
        networkLoadBalancerArns: [balancer.arn],
        tags,
      },
      { parent: this },
    );

    this.serviceName = service.serviceName;
    this.registerOutputs({ serviceName: this.serviceName });
  }

  #balancer(
    name: string,
    { context, network, loadBalancerGroupId }: GatewayEndpointServiceArgs,
    tags: Record<string, string>,
  ): aws.lb.LoadBalancer {
    const description = "Gateway endpoint service";
    const group = securityGroup(`${name}-group`, { network, description, tags }, { parent: this });
    reach(
      name,
      { securityGroupId: group.id, label: description, tags },
      {
        gateway: {
          securityGroupId: loadBalancerGroupId,
          port,
          description: "To the gateway load balancer",
        },
      },
      { parent: this },
    );
    return new aws.lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: context.names.loadBalancer("endpoint-service"),
        internal: true,
        loadBalancerType: "network",
        subnets: network.subnetIds,
        securityGroups: [group.id],
        // Connections through PrivateLink are admitted by the endpoint service, one endpoint at a time.
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
        enableDeletionProtection: true,
        enableCrossZoneLoadBalancing: true,
        tags,
      },
      { parent: this },
    );
  }

  /** Listens for the API and hands connections to the gateway's load balancer. */
  #forward(
    name: string,
    args: GatewayEndpointServiceArgs,
    balancer: aws.lb.LoadBalancer,
    tags: Record<string, string>,
  ): void {
    const targets = new aws.lb.TargetGroup(
      `${name}-targets`,
      {
        namePrefix: "link-",
        vpcId: args.network.vpcId,
        targetType: "alb",
        port,
        protocol: "TCP",
        // No health route passes the listener. A call without a key is refused by a task, not by the load balancer.
        healthCheck: { protocol: "HTTPS", path: "/v1/models", matcher: "401" },
        tags,
      },
      { parent: this },
    );
    new aws.lb.TargetGroupAttachment(
      `${name}-target`,
      {
        targetGroupArn: targets.arn,
        port,
        targetId: args.loadBalancerArn,
      },
      { parent: this },
    );
    new aws.lb.Listener(
      `${name}-tcp`,
      {
        loadBalancerArn: balancer.arn,
        port,
        protocol: "TCP",
        // TCP's maximum. PrivateLink itself ends a connection that is silent for 350 s (fixed by AWS), so both ends keep it alive.
        tcpIdleTimeoutSeconds: 6000,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags,
      },
      { parent: this },
    );
  }
}
