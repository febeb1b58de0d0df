import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { names, tags, type StackSpec } from "../../config";
import type { NetworkFacts, ObservabilityFacts } from "../facts";

/** Port of LiteLLM's tasks, with TLS. */
export const taskPort = 4000;

/** Seconds without a byte after which the load balancer gives a request up; above the longest request. */
export const idleSeconds = 1900;

/** Arguments of {@link GatewayLoadBalancer}. */
export interface GatewayLoadBalancerArgs {
  readonly spec: StackSpec;
  readonly host: string;
  readonly network: NetworkFacts;
  readonly observability: ObservabilityFacts;
  readonly certificateArn: pulumi.Input<string>;
  /** Group of the tasks. */
  readonly taskGroupId: pulumi.Input<string>;
}

/**
 * The internal load balancer of the gateway: HTTPS only, in the network's own range, under its own private name.
 *
 * Cost: about $20 a month and what it carries.
 */
export class GatewayLoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly targetGroupArn: pulumi.Output<string>;
  /** The listener's ARN: a service attaches to a target group only once a listener uses it. */
  readonly listenerArn: pulumi.Output<string>;
  /** As CloudWatch's dimensions and Application Auto Scaling spell them. */
  readonly arnSuffix: pulumi.Output<string>;
  readonly targetGroupSuffix: pulumi.Output<string>;

  constructor(name: string, args: GatewayLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayLoadBalancer", name, {}, opts);
    const { spec, host, network, observability } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "gateway" }) };

    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { description: "Gateway load balancer", vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
      child,
    );
    // By range, not by group: a rule for each of a thousand workspaces would pass EC2's limit of rules. The workspaces' own groups say who
    // may leave for here, and a virtual key who is answered.
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-network`,
      {
        securityGroupId: group.id,
        description: "HTTPS from this network",
        cidrIpv4: network.cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        ...tagged,
      },
      child,
    );
    const toTasks = { ipProtocol: "tcp", fromPort: taskPort, toPort: taskPort, ...tagged };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-tasks`,
      {
        securityGroupId: group.id,
        description: "To the gateway tasks",
        referencedSecurityGroupId: args.taskGroupId,
        ...toTasks,
      },
      child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-into-tasks`,
      {
        securityGroupId: args.taskGroupId,
        description: "From the gateway load balancer",
        referencedSecurityGroupId: group.id,
        ...toTasks,
      },
      child,
    );
    const balancer = new aws.lb.LoadBalancer(
      `${name}-balancer`,
      {
        name: names(spec.platform.organization).loadBalancer(spec.stack, "gateway"),
        internal: true,
        loadBalancerType: "application",
        subnets: network.subnetIds,
        securityGroups: [group.id],
        enableDeletionProtection: true,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "strictest",
        idleTimeout: idleSeconds,
        clientKeepAlive: 3600,
        accessLogs: { enabled: true, bucket: observability.accessLogBucket, prefix: "gateway" },
        ...tagged,
      },
      child,
    );
    const targets = new aws.lb.TargetGroup(
      `${name}-targets`,
      {
        // A prefix, not a name: a replacement is made before the listener leaves the group it replaces.
        namePrefix: "gate-",
        vpcId: network.vpcId,
        targetType: "ip",
        port: taskPort,
        protocol: "HTTPS",
        loadBalancingAlgorithmType: "least_outstanding_requests",
        // An answer that is being written is let to its end.
        deregistrationDelay: 600,
        healthCheck: {
          // Liveness, not readiness: with the database gone cached keys still work, and tasks taken out could not start again.
          path: "/health/liveliness",
          protocol: "HTTPS",
          matcher: "200",
          interval: 15,
          timeout: 10,
          healthyThreshold: 2,
          unhealthyThreshold: 4,
        },
        ...tagged,
      },
      child,
    );
    const listener = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: args.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        ...tagged,
      },
      child,
    );
    const zone = new aws.route53.Zone(
      `${name}-zone`,
      { name: host, comment: "The gateway, inside its network", vpcs: [{ vpcId: network.vpcId }], ...tagged },
      child,
    );
    new aws.route53.Record(
      `${name}-record`,
      {
        zoneId: zone.zoneId,
        name: host,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
      },
      child,
    );

    this.arn = balancer.arn;
    this.securityGroupId = group.id;
    this.targetGroupArn = targets.arn;
    this.listenerArn = listener.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.targetGroupSuffix = targets.arnSuffix;
    this.registerOutputs({ arn: this.arn });
  }
}
