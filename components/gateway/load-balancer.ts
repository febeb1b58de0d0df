import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts, ObservabilityFacts } from "../facts";
import { admit, reach, securityGroup, type StackContext } from "../kit";

/** Port of LiteLLM's tasks, with TLS. */
export const taskPort = 4000;

/** Seconds without a byte until the load balancer ends a connection; above the longest request. */
export const idleSeconds = 1900;

/** Arguments of {@link GatewayLoadBalancer}. */
export interface GatewayLoadBalancerArgs {
  readonly context: StackContext;
  /** DNS name of the gateway inside its network. */
  readonly host: string;
  readonly network: NetworkFacts;
  readonly observability: Pick<ObservabilityFacts, "accessLogBucket">;
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

  readonly #name: string;
  readonly #args: GatewayLoadBalancerArgs;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: GatewayLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayLoadBalancer", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#tags = args.context.tags({ Purpose: "gateway" });

    const group = this.#group();
    const balancer = this.#balancer(group);
    const targets = this.#targets();
    const listener = this.#listener(balancer, targets);
    this.#record(balancer);

    this.arn = balancer.arn;
    this.securityGroupId = group.id;
    this.targetGroupArn = targets.arn;
    this.listenerArn = listener.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.targetGroupSuffix = targets.arnSuffix;
    this.registerOutputs({ arn: this.arn });
  }

  /** The security group: the network in, the tasks out; and the tasks' group admits it. */
  #group(): aws.ec2.SecurityGroup {
    const { network, taskGroupId } = this.#args;
    const [name, tags, child] = [this.#name, this.#tags, { parent: this }];
    const label = "Gateway load balancer";
    const group = securityGroup(`${name}-group`, { network, description: label, tags }, child);
    const rules = { securityGroupId: group.id, label, tags };
    // By range, not by group: a rule for each of a thousand workspaces would pass EC2's limit of rules. Egress rules of the workspaces' own
    // groups decide who connects, virtual keys who is answered.
    const fromNetwork = { cidr: network.cidr, port: 443, description: "HTTPS from this network" };
    admit(name, rules, { network: fromNetwork }, child);
    const toTasks = { securityGroupId: taskGroupId, port: taskPort, description: "To the gateway tasks" };
    reach(name, rules, { tasks: toTasks }, child);
    const fromBalancer = { securityGroupId: group.id, port: taskPort, description: "From the gateway load balancer" };
    const ofTasks = { securityGroupId: taskGroupId, label: "Gateway", tags };
    admit(name, ofTasks, { balancer: { ...fromBalancer, rule: "into-tasks" } }, child);
    return group;
  }

  #balancer(group: aws.ec2.SecurityGroup): aws.lb.LoadBalancer {
    const { context, network, observability } = this.#args;
    return new aws.lb.LoadBalancer(
      `${this.#name}-balancer`,
      {
        name: context.names.loadBalancer("gateway"),
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
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  #targets(): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      `${this.#name}-targets`,
      {
        // A prefix, not a name: a replacement is made before the listener leaves the group it replaces.
        namePrefix: "gate-",
        vpcId: this.#args.network.vpcId,
        targetType: "ip",
        port: taskPort,
        protocol: "HTTPS",
        loadBalancingAlgorithmType: "least_outstanding_requests",
        // Seconds that a stopping task may use to finish its answers.
        deregistrationDelay: 600,
        healthCheck: {
          // Liveness, not readiness: without the database cached keys still work, and tasks taken out could not start again.
          path: "/health/liveliness",
          protocol: "HTTPS",
          matcher: "200",
          interval: 15,
          timeout: 10,
          healthyThreshold: 2,
          unhealthyThreshold: 4,
        },
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  #listener(balancer: aws.lb.LoadBalancer, targets: aws.lb.TargetGroup): aws.lb.Listener {
    return new aws.lb.Listener(
      `${this.#name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: this.#args.certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags: this.#tags,
      },
      { parent: this },
    );
  }

  /** The gateway's name inside its network, in a zone of exactly this name. */
  #record(balancer: aws.lb.LoadBalancer): void {
    const { host, network } = this.#args;
    const zone = new aws.route53.Zone(
      `${this.#name}-zone`,
      {
        name: host,
        comment: "The gateway, inside its network",
        vpcs: [{ vpcId: network.vpcId }],
        tags: this.#tags,
      },
      { parent: this },
    );
    new aws.route53.Record(
      `${this.#name}-record`,
      {
        zoneId: zone.zoneId,
        name: host,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
  }
}
