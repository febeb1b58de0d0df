import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, type StackSpec } from "../../config";
import type { NetworkFacts } from "../facts";

/** Arguments of {@link GatewayEndpointService}. */
export interface GatewayEndpointServiceArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
  readonly loadBalancerArn: pulumi.Input<string>;
  readonly loadBalancerGroupId: pulumi.Input<string>;
  /** The HTTPS listener: a load balancer is a target only once it listens. */
  readonly listenerArn: pulumi.Input<string>;
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
    const { spec, network } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "gateway-endpoint-service" }) };
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, ...tagged };

    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { description: "Gateway endpoint service", vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-gateway`,
      {
        securityGroupId: group.id,
        description: "To the gateway load balancer",
        referencedSecurityGroupId: args.loadBalancerGroupId,
        ...https,
      },
      child,
    );
    const balancer = new aws.lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: names(spec.platform.organization).loadBalancer(spec.stack, "endpoint-service"),
        internal: true,
        loadBalancerType: "network",
        subnets: network.subnetIds,
        securityGroups: [group.id],
        // Connections through PrivateLink are admitted by the endpoint service, one endpoint at a time.
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
        enableDeletionProtection: true,
        enableCrossZoneLoadBalancing: true,
        ...tagged,
      },
      child,
    );
    const targets = new aws.lb.TargetGroup(
      `${name}-targets`,
      {
        namePrefix: "link-",
        vpcId: network.vpcId,
        targetType: "alb",
        port: 443,
        protocol: "TCP",
        healthCheck: { protocol: "HTTPS", path: "/health/liveliness", matcher: "200" },
        ...tagged,
      },
      child,
    );
    new aws.lb.TargetGroupAttachment(
      `${name}-target`,
      {
        targetGroupArn: targets.arn,
        port: 443,
        targetId: pulumi.all([args.loadBalancerArn, args.listenerArn]).apply(([arn]) => arn),
      },
      child,
    );
    new aws.lb.Listener(
      `${name}-tcp`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "TCP",
        // As long as TCP allows; PrivateLink itself ends a connection that is silent for 350 s, so both ends keep it alive (AWS: 350 s is fixed).
        tcpIdleTimeoutSeconds: 6000,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        ...tagged,
      },
      child,
    );
    const service = new aws.ec2.VpcEndpointService(
      `${name}-service`,
      {
        acceptanceRequired: false,
        allowedPrincipals: [arns(spec).root],
        networkLoadBalancerArns: [balancer.arn],
        ...tagged,
      },
      child,
    );

    this.serviceName = service.serviceName;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}
