import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts } from "../facts";
import { admit, securityGroup, type StackContext } from "../kit";
import { allow, document } from "../policy-document";

/** Arguments of {@link SourceEndpoints}. */
export interface SourceEndpointsArgs {
  readonly context: StackContext;
  readonly network: NetworkFacts;
  /** `codecommit`, or names of PrivateLink services; in any order, repeats count once. */
  readonly sources: readonly string[];
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
 * A department's endpoints for source code: an interface endpoint for each declared source, reached
 * on 443 by workspaces that name it.
 *
 * Cost: about $10 a month for each endpoint and zone.
 */
export class SourceEndpoints extends pulumi.ComponentResource {
  /** Security group by source. */
  readonly securityGroupIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SourceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:SourceEndpoints", name, {}, opts);
    const groups = [...new Set(args.sources)]
      .sort()
      .map((source) => [source, this.#endpoints(name, source, args)] as const);
    this.securityGroupIds = Object.fromEntries(groups);
    this.registerOutputs({});
  }

  /** The endpoints of one source, behind one group. */
  #endpoints(name: string, source: string, { context, network }: SourceEndpointsArgs): pulumi.Output<string> {
    const child = { parent: this };
    const tags = context.tags({ Purpose: "source-code" });
    const noun = sourceNoun(source);
    const description = `Source code through ${noun}`;
    const group = securityGroup(`${name}-${noun}-group`, { network, description, tags }, child);
    admit(
      `${name}-${noun}`,
      { securityGroupId: group.id, label: "HTTPS", tags },
      { vpc: { cidr: network.cidr, port: 443, description: "HTTPS from the workspaces network" } },
      child,
    );
    for (const serviceName of sourceServices(source, context.region)) {
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
          ...(!serviceName.startsWith("com.amazonaws.vpce.") && { policy: ownAccountOnly(context) }),
          tags,
        },
        child,
      );
    }
    return group.id;
  }
}

const ownAccountOnly = ({ accountId }: StackContext): string =>
  document(
    allow("OwnAccountOnly", {
      Principal: "*",
      Action: "codecommit:*",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
    }),
  );
