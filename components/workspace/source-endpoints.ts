import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tags, type StackSpec } from "../../config";
import type { NetworkFacts } from "../facts";
import { allow, document } from "../policy-document";

/** Arguments of {@link SourceEndpoints}. */
export interface SourceEndpointsArgs {
  readonly spec: StackSpec;
  readonly network: NetworkFacts;
}

/** A source's short name in logical names: `codecommit`, `vpce-svc-…`. */
export const sourceNoun = (source: string): string => source.split(".").at(-1) ?? source;

/** Service names of a source: a PrivateLink service as it is, CodeCommit's two. */
export function sourceServices(source: string, region: string): readonly string[] {
  return source === "codecommit"
    ? ["codecommit", "git-codecommit"].map((s) => `com.amazonaws.${region}.${s}`)
    : [source];
}

/**
 * A department's ways by which source code gets in and out: an interface endpoint for each declared source, reached on 443 by workspaces that name it.
 *
 * Cost: about $10 a month for each endpoint and zone.
 */
export class SourceEndpoints extends pulumi.ComponentResource {
  /** Security group by source. */
  readonly securityGroupIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SourceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:SourceEndpoints", name, {}, opts);
    const { spec, network } = args;
    const child = { parent: this };
    const tagged = { tags: tags(spec, { Purpose: "source-code" }) };

    const sources = spec.department?.developers.flatMap(({ workspace }) => workspace.sources) ?? [];
    const groups = [...new Set(sources)].sort().map((source) => {
      const noun = sourceNoun(source);
      const group = new aws.ec2.SecurityGroup(
        `${name}-${noun}-group`,
        { description: `Source code through ${noun}`, vpcId: network.vpcId, revokeRulesOnDelete: true, ...tagged },
        child,
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${noun}-from-vpc`,
        {
          securityGroupId: group.id,
          description: "HTTPS from the workspaces network",
          cidrIpv4: network.cidr,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          ...tagged,
        },
        child,
      );
      for (const serviceName of sourceServices(source, spec.region)) {
        const isPartner = serviceName.startsWith("com.amazonaws.vpce.");
        new aws.ec2.VpcEndpoint(
          `${name}-${serviceName.split(".").at(-1) ?? noun}`,
          {
            vpcId: network.vpcId,
            serviceName,
            vpcEndpointType: "Interface",
            subnetIds: network.subnetIds,
            securityGroupIds: [group.id],
            privateDnsEnabled: true,
            // A partner's service takes no policy.
            ...(!isPartner && {
              policy: document(
                allow("OwnAccountOnly", {
                  Principal: "*",
                  Action: "codecommit:*",
                  Resource: "*",
                  Condition: {
                    StringEquals: { "aws:PrincipalAccount": spec.accountId, "aws:ResourceAccount": spec.accountId },
                  },
                }),
              ),
            }),
            ...tagged,
          },
          child,
        );
      }
      return [source, group.id] as const;
    });
    this.securityGroupIds = Object.fromEntries(groups);
    this.registerOutputs({});
  }
}
