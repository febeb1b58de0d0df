import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkFacts } from "../facts";
import { interfaceTimeouts } from "./timeouts";

/** One rule of a security group. */
interface Rule {
  /** TCP port. */
  readonly port: number;
  /** Default `LABEL to NOUN` or `LABEL from NOUN`. */
  readonly description?: string;
  /** End of the rule's logical name; default `to-NOUN` or `from-NOUN`. */
  readonly rule?: string;
}

/**
 * Destination of connections: a security group, the addresses of a prefix list, or an IPv4 range.
 */
export type Reach = Rule &
  (
    | { readonly securityGroupId: pulumi.Input<string> }
    | { readonly prefixListId: pulumi.Input<string> }
    | { readonly cidr: pulumi.Input<string> }
  );

/** Source of connections: a security group, or an IPv4 range. */
export type Source = Rule &
  ({ readonly securityGroupId: pulumi.Input<string> } | { readonly cidr: pulumi.Input<string> });

/** The security group that rules are added to. */
export interface RulesOf {
  readonly securityGroupId: pulumi.Input<string>;
  /** Begins the description of each rule. */
  readonly label: string;
  readonly tags: Record<string, string>;
}

/** Egress to AWS's services inside the VPC: interface endpoints and S3's gateway endpoint. */
export function awsServices(network: Pick<NetworkFacts, "endpointSecurityGroupId" | "s3PrefixListId">) {
  return {
    endpoints: { securityGroupId: network.endpointSecurityGroupId, port: 443 },
    s3: { prefixListId: network.s3PrefixListId, port: 443 },
  } satisfies Record<string, Reach>;
}

/** Security groups by noun as sources on one port, e.g. the clients of a database. */
export const clientsOn = (
  port: number,
  clients: Readonly<Record<string, pulumi.Input<string>>>,
): Readonly<Record<string, Source>> =>
  Object.fromEntries(Object.entries(clients).map(([noun, securityGroupId]) => [noun, { securityGroupId, port }]));

/**
 * A network's own addresses as sources of HTTPS: those it was made with, by the noun `vpc`, and those
 * of a zone that was added.
 */
export function httpsFrom(
  cidr: pulumi.Input<string>,
  addedCidr: string | undefined,
  network = "this network",
): Readonly<Record<"vpc", Source>> & Readonly<Record<string, Source>> {
  const from = (range: pulumi.Input<string>) => ({ cidr: range, port: 443, description: `HTTPS from ${network}` });
  return { vpc: from(cidr), ...(addedCidr !== undefined && { "added-zone": from(addedCidr) }) };
}

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

/** The remote end of a rule, in AWS's terms. */
function peer(end: Reach | Source) {
  if ("cidr" in end) return { cidrIpv4: end.cidr };
  if ("prefixListId" in end) return { prefixListId: end.prefixListId };
  return { referencedSecurityGroupId: end.securityGroupId };
}

/** Egress rules of a group, by a noun for each destination: `NAME-to-NOUN`. Code in the group depends on them. */
export function reach(
  name: string,
  group: RulesOf,
  places: Readonly<Record<string, Reach>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return Object.entries(places).map(
    ([noun, place]) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${place.rule ?? `to-${noun}`}`,
        {
          securityGroupId: group.securityGroupId,
          description: place.description ?? `${group.label} to ${noun}`,
          ...tcp(place.port),
          ...peer(place),
          tags: group.tags,
        },
        opts,
      ),
  );
}

/** Ingress rules of a group, by a noun for each source: `NAME-from-NOUN`. */
export function admit(
  name: string,
  group: RulesOf,
  sources: Readonly<Record<string, Source>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return Object.entries(sources).map(
    ([noun, source]) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${source.rule ?? `from-${noun}`}`,
        {
          securityGroupId: group.securityGroupId,
          description: source.description ?? `${group.label} from ${noun}`,
          ...tcp(source.port),
          ...peer(source),
          tags: group.tags,
        },
        opts,
      ),
  );
}

/** Arguments of {@link securityGroup}. */
export interface SecurityGroupArgs {
  readonly network: Pick<NetworkFacts, "vpcId">;
  readonly description: string;
  readonly tags: Record<string, string>;
}

/** A security group without rules. Rules added outside of Pulumi are deleted with the group. */
export function securityGroup(
  name: string,
  { network, description, tags }: SecurityGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    name,
    { description, vpcId: network.vpcId, revokeRulesOnDelete: true, tags },
    { ...opts, customTimeouts: interfaceTimeouts },
  );
}
