import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeyFacts } from "../facts";
import { logGroup, type StackContext } from "../kit";
import { allow, document } from "../policy-document";

/** Arguments of {@link DnsFirewall}. */
export interface DnsFirewallArgs {
  readonly context: StackContext;
  readonly vpcId: pulumi.Input<string>;
  readonly keys: Pick<KeyFacts, "logs">;
  /** Names that resolve; `*.example.com` covers subdomains only. */
  readonly domains: readonly string[];
  /**
   * Creates the resource policy that admits the query logs of all the organization's stacks;
   * default false. One stack of an account creates it, because CloudWatch Logs takes ten such
   * policies an account.
   */
  readonly organizationLogDelivery?: boolean;
  /** The rest of the network: what resolves names depends on the firewall, so on these, too. */
  readonly network: readonly pulumi.Resource[];
}

/**
 * Lets a VPC resolve the listed names only; the firewall fails closed. It closes DNS as a path out
 * of a network without a gateway. Every query is logged.
 *
 * Cost: $.60 a month per million queries, and logs.
 */
export class DnsFirewall extends pulumi.ComponentResource {
  /** Exists once the network is whole; resources that resolve names are created after it. */
  readonly association: aws.route53.ResolverFirewallRuleGroupAssociation;

  constructor(name: string, args: DnsFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:DnsFirewall", name, {}, opts);
    const { context, vpcId } = args;
    const child = { parent: this };
    const tagged = { tags: context.tags({ Purpose: "dns-firewall" }) };

    const needed = new aws.route53.ResolverFirewallDomainList(
      `${name}-needed`,
      { domains: [...args.domains], ...tagged },
      child,
    );
    const everything = new aws.route53.ResolverFirewallDomainList(
      `${name}-everything`,
      { domains: ["*"], ...tagged },
      child,
    );
    const group = new aws.route53.ResolverFirewallRuleGroup(`${name}-rules`, tagged, child);
    const admit = new aws.route53.ResolverFirewallRule(
      `${name}-admit`,
      {
        firewallRuleGroupId: group.id,
        firewallDomainListId: needed.id,
        priority: 100,
        action: "ALLOW",
        // S3 and ECR answer with aliases to names outside the list.
        firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
      },
      child,
    );
    const block = new aws.route53.ResolverFirewallRule(
      `${name}-block`,
      {
        firewallRuleGroupId: group.id,
        firewallDomainListId: everything.id,
        priority: 200,
        action: "BLOCK",
        blockResponse: "NXDOMAIN",
      },
      child,
    );
    const config = new aws.route53.ResolverFirewallConfig(
      `${name}-closed`,
      { resourceId: vpcId, firewallFailOpen: "DISABLED" },
      child,
    );
    const logged = this.#logQueries(name, args);
    this.association = new aws.route53.ResolverFirewallRuleGroupAssociation(
      `${name}-association`,
      // No mutation protection: it would make `destroy` fail, and the boundaries already allow only
      // the deployer.
      { firewallRuleGroupId: group.id, vpcId, priority: 101, mutationProtection: "DISABLED", ...tagged },
      { ...child, dependsOn: [admit, block, config, logged, ...args.network] },
    );
    this.registerOutputs({});
  }

  #logQueries(name: string, { context, vpcId, keys, organizationLogDelivery }: DnsFirewallArgs): pulumi.Resource {
    const { names } = context;
    const child = { parent: this };
    const tags = context.tags({ Purpose: "dns-logs" });
    const logs = logGroup(
      `${name}-logs`,
      { context, groupName: names.logGroup("dns-logs"), keys, retention: "dns-logs", tags },
      child,
    );
    const delivery = organizationLogDelivery
      ? [
          new aws.cloudwatch.LogResourcePolicy(
            `${name}-delivery`,
            { policyName: names.role("dns-logs"), policyDocument: planLogDelivery(context) },
            child,
          ),
        ]
      : [];
    const config = new aws.route53.ResolverQueryLogConfig(
      `${name}-query-log`,
      { name: names.role("dns"), destinationArn: logs.arn, tags },
      { ...child, dependsOn: delivery },
    );
    return new aws.route53.ResolverQueryLogConfigAssociation(
      `${name}-query-log-association`,
      { resolverQueryLogConfigId: config.id, resourceId: vpcId },
      child,
    );
  }
}

/** Lets the delivery service write the query logs of every stack of the organization. */
function planLogDelivery(context: StackContext): string {
  return document(
    allow("QueryLogs", {
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: context.arns.logGroup(`${context.of("*").names.logGroup("dns-logs")}:log-stream:*`),
      Condition: { StringEquals: { "aws:SourceAccount": context.accountId } },
    }),
  );
}
