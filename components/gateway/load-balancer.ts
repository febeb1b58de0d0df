import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayListener, GatewaySpec } from "../../config";
import type { NetworkFacts, ObservabilityFacts } from "../facts";
import { after, admit, httpsFrom, reach, securityGroup, type StackContext } from "../kit";
import { gatewayListener, type ListenedTargets } from "./gateway-listener";
import { listenerPorts } from "./listeners";

/** Seconds without a byte until the load balancer ends a connection; above the longest request. */
export const idleSeconds = 1900;

/** Arguments of {@link GatewayLoadBalancer}. */
export interface GatewayLoadBalancerArgs {
  readonly context: StackContext;
  readonly gateway: Pick<GatewaySpec, "extras">;
  /** DNS name of the gateway inside its network. */
  readonly host: string;
  readonly network: NetworkFacts;
  /** Range of a zone that was added to the network. */
  readonly addedCidr?: string;
  readonly observability: Pick<ObservabilityFacts, "accessLogBucket">;
  readonly certificateArn: pulumi.Input<string>;
  /** Group of the tasks. */
  readonly taskGroupId: pulumi.Input<string>;
}

/**
 * The internal load balancer of the gateway: HTTPS only, under its own private name. Its API listener serves the network's own range; its
 * management listener serves members of one security group, the functions. Each forwards the routes of its callers only.
 *
 * Cost: about $20 a month and what it carries.
 */
export class GatewayLoadBalancer extends pulumi.ComponentResource {
  /** Once it listens for the API: a load balancer is a target only then. */
  readonly arn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** Group whose members the management listener admits: an identity, without rules of its own. */
  readonly managementGroupId: pulumi.Output<string>;
  readonly targets: Readonly<Record<GatewayListener, ListenedTargets>>;
  /** The gateway's name in its network. */
  readonly record: aws.route53.Record;
  /** As CloudWatch's dimensions and Application Auto Scaling spell it. */
  readonly arnSuffix: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: GatewayLoadBalancerArgs;
  readonly #tags: Record<string, string>;

  constructor(name: string, args: GatewayLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:gateway:GatewayLoadBalancer", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#tags = args.context.tags({ Purpose: "gateway" });

    const { groupId, managementGroupId } = this.#groups();
    const balancer = this.#balancer(groupId);
    const { extras } = args.gateway;
    const common = { ...args, extras, balancerArn: balancer.arn, tags: this.#tags };
    const child = { parent: this };
    this.targets = {
      api: gatewayListener(
        { targets: `${name}-targets`, listener: `${name}-https` },
        { ...common, listener: "api" },
        child,
      ),
      management: gatewayListener(
        { targets: `${name}-management-targets`, listener: `${name}-management` },
        { ...common, listener: "management" },
        child,
      ),
    };
    this.record = this.#record(balancer);

    this.arn = pulumi.all([balancer.arn, this.targets.api.attachedArn]).apply(([arn]) => arn);
    this.securityGroupId = groupId;
    this.managementGroupId = managementGroupId;
    this.arnSuffix = balancer.arnSuffix;
    this.registerOutputs({ arn: this.arn });
  }

  /**
   * Ids of two security groups, after the rules. The load balancer's: the network in on the API's port, management's members in on
   * management's, the tasks out, which admit it. And management's, which is what its members are known by.
   */
  #groups(): Readonly<Record<"groupId" | "managementGroupId", pulumi.Output<string>>> {
    const { network, addedCidr, taskGroupId } = this.#args;
    const [name, tags, child] = [this.#name, this.#tags, { parent: this }];
    const label = "Gateway load balancer";
    const group = securityGroup(`${name}-group`, { network, description: label, tags }, child);
    const description = "Functions that manage the gateway";
    const management = securityGroup(`${name}-management-group`, { network, description, tags }, child);
    const rules = { securityGroupId: group.id, label, tags };
    // By range, not by group: a rule for each of a thousand workspaces would pass EC2's limit of rules. Egress rules of the workspaces' own
    // groups decide who connects, virtual keys who is answered.
    const { vpc, ...added } = httpsFrom(network.cidr, addedCidr);
    const { api, management: ofManagement } = listenerPorts;
    const members = { securityGroupId: management.id, port: ofManagement.listener, description };
    const toTasks = { securityGroupId: taskGroupId, description: "To the gateway tasks" };
    const fromBalancer = { securityGroupId: group.id, description: "From the gateway load balancer" };
    const ofTasks = { securityGroupId: taskGroupId, label: "Gateway", tags };
    const intoTasks = {
      balancer: { ...fromBalancer, port: api.task, rule: "into-tasks" },
      management: { ...fromBalancer, port: ofManagement.task, rule: "management-into-tasks" },
    };
    const ofGroup = [
      ...admit(name, rules, { network: vpc, management: members, ...added }, child),
      ...reach(
        name,
        rules,
        { tasks: { ...toTasks, port: api.task }, "tasks-management": { ...toTasks, port: ofManagement.task } },
        child,
      ),
      ...admit(name, ofTasks, intoTasks, child),
    ];
    return { groupId: after(group.id, ofGroup), managementGroupId: after(management.id, ofGroup) };
  }

  #balancer(groupId: pulumi.Output<string>): aws.lb.LoadBalancer {
    const { context, network, observability } = this.#args;
    return new aws.lb.LoadBalancer(
      `${this.#name}-balancer`,
      {
        name: context.names.loadBalancer("gateway"),
        internal: true,
        loadBalancerType: "application",
        subnets: network.subnetIds,
        securityGroups: [groupId],
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

  /** The gateway's name inside its network, in a zone of exactly this name. */
  #record(balancer: aws.lb.LoadBalancer): aws.route53.Record {
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
    return new aws.route53.Record(
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
