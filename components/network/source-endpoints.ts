import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SourceSpec } from "../../config";
import type { NetworkFacts } from "../facts";
import { after, admit, httpsFrom, securityGroup, type StackContext } from "../kit";
import { allow, document } from "../policy-document";

/** Arguments of {@link SourceEndpoints}. */
export interface SourceEndpointsArgs {
  readonly context: StackContext;
  readonly network: Pick<NetworkFacts, "vpcId" | "cidr" | "subnetIds">;
  /** Range of a zone that was added to the network. */
  readonly addedCidr?: string;
  /** Each service once. */
  readonly sources: readonly SourceSpec[];
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
 * A network's endpoints for source code: an interface endpoint for each declared source, reached on
 * 443 by workspaces that name it. The network's stack makes them for all its departments, because a
 * network takes a private name once.
 *
 * Cost: about $10 a month for each endpoint and zone.
 */
export class SourceEndpoints extends pulumi.ComponentResource {
  /** Security group by source. */
  readonly securityGroupIds: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: SourceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cline:workspace:SourceEndpoints", name, {}, opts);
    const groups = args.sources.map((source) => [source.service, this.#endpoints(name, source, args)] as const);
    this.securityGroupIds = pulumi.all(Object.fromEntries(groups));
    this.registerOutputs({});
  }

  /** The endpoints of one source, behind one group. */
  #endpoints(
    name: string,
    source: SourceSpec,
    { context, network, addedCidr }: SourceEndpointsArgs,
  ): pulumi.Output<string> {
    const child = { parent: this };
    const tags = context.tags({ Purpose: "source-code" });
    const noun = sourceNoun(source.service);
    const description = `Source code through ${noun}`;
    const group = securityGroup(`${name}-${noun}-group`, { network, description, tags }, child);
    const rules = admit(
      `${name}-${noun}`,
      { securityGroupId: group.id, label: "HTTPS", tags },
      httpsFrom(network.cidr, addedCidr, "the workspaces network"),
      child,
    );
    const endpoints = sourceServices(source.service, context.region).map(
      (serviceName) =>
        new aws.ec2.VpcEndpoint(
          `${name}-${serviceName.split(".").at(-1) ?? noun}`,
          {
            vpcId: network.vpcId,
            serviceName,
            vpcEndpointType: "Interface",
            subnetIds: network.subnetIds,
            securityGroupIds: [group.id],
            // AWS refuses it for a service without a private name.
            privateDnsEnabled: source.service === "codecommit" || source.hosts.length > 0,
            // A partner's service takes no policy.
            ...(!serviceName.startsWith("com.amazonaws.vpce.") && { policy: ownAccountOnly(context) }),
            tags,
          },
          child,
        ),
    );
    return after(group.id, [...rules, ...endpoints]);
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
