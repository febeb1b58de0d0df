import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arns, names, tags, type StackSpec } from "../../config";
import type { KeyFacts } from "../facts";
import { isFoundation } from "../foundation";
import { allow, document } from "../policy-document";
import { planDomains } from "./domains";

/** Arguments of {@link DnsFirewall}. */
export interface DnsFirewallArgs {
  readonly spec: StackSpec;
  readonly vpcId: pulumi.Input<string>;
  readonly keys: KeyFacts;
}

/**
 * Lets a VPC resolve the names it needs and no other, and fails closed: DNS would otherwise leave a network that has no gateway. Every query
 * is logged.
 *
 * Cost: $.60 a month per million queries, and logs.
 */
export class DnsFirewall extends pulumi.ComponentResource {
  /** The association: what needs names waits for it. */
  readonly associated: pulumi.Output<string>;

  constructor(name: string, args: DnsFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:network:DnsFirewall", name, {}, opts);
    const { spec, vpcId } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "dns-firewall" }) };

    const needed = new aws.route53.ResolverFirewallDomainList(
      `${name}-needed`,
      { domains: planDomains(spec), ...tagged },
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
        // S3 and ECR answer with aliases to names that are not in the list.
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
    const association = new aws.route53.ResolverFirewallRuleGroupAssociation(
      `${name}-association`,
      // No mutation protection: it would make `destroy` fail, and the boundaries already keep everyone but the deployer away.
      { firewallRuleGroupId: group.id, vpcId, priority: 101, mutationProtection: "DISABLED", ...tagged },
      { ...child, dependsOn: [admit, block, config] },
    );
    this.#logQueries(name, args);

    this.associated = association.id;
    this.registerOutputs({ associated: this.associated });
  }

  #logQueries(name: string, { spec, vpcId, keys }: DnsFirewallArgs): void {
    const child = { parent: this };
    const { organization } = spec.platform;
    const tagged = { tags: tags(spec, { Purpose: "dns-logs" }) };
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: names(organization).logGroup(spec.stack, "dns-logs"),
        kmsKeyId: keys.logs,
        retentionInDays: spec.dataControl["dns-logs"].retentionDays,
        ...tagged,
      },
      child,
    );
    // CloudWatch Logs takes ten such policies an account, so the foundation's covers the whole organization's query logs.
    const delivery = isFoundation(spec)
      ? [
          new aws.cloudwatch.LogResourcePolicy(
            `${name}-delivery`,
            {
              policyName: names(organization).role(spec.stack, "dns-logs"),
              policyDocument: document(
                allow("QueryLogs", {
                  Principal: { Service: "delivery.logs.amazonaws.com" },
                  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                  Resource: arns(spec).logGroup(`/cline/${organization}/*/dns-logs:log-stream:*`),
                  Condition: { StringEquals: { "aws:SourceAccount": spec.accountId } },
                }),
              ),
            },
            child,
          ),
        ]
      : [];
    const config = new aws.route53.ResolverQueryLogConfig(
      `${name}-query-log`,
      { name: names(organization).role(spec.stack, "dns"), destinationArn: logs.arn, ...tagged },
      { ...child, dependsOn: delivery },
    );
    new aws.route53.ResolverQueryLogConfigAssociation(
      `${name}-query-log-association`,
      { resolverQueryLogConfigId: config.id, resourceId: vpcId },
      child,
    );
  }
}
