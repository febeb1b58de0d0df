import { all, type Tri } from "../frame/tri";
import type { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
import { hasPublic, parseCidr } from "./cidr";

/** One permission of a security group, from any type of resource. */
export interface Rule {
  /** The rule's path, for messages. */
  readonly value: Value;
  readonly protocol: Value;
  readonly from: Value;
  readonly to: Value;
  /** The values that hold CIDR blocks, IPv4 or IPv6. */
  readonly cidrs: readonly Value[];
  /** The values that hold ids of prefix lists. */
  readonly prefixLists: readonly Value[];
}

export type Direction = "ingress" | "egress";

/** Security groups with rules inline. */
export const GROUP_TYPES = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
] as const;
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const SINGLE: Record<Direction, string> = {
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
};

/** Every type that can state a rule of the direction. */
export function ruleTypes(direction: Direction): string[] {
  return [...GROUP_TYPES, RULE, SINGLE[direction]];
}

/**
 * The rules of a direction that a resource states. Throws when the list, or the direction of a rule
 * resource, is unknown.
 */
export function rulesOf(resource: ResourceView, direction: Direction): Rule[] {
  if (resource.type === SINGLE[direction]) {
    const at = (path: string) => resource.at(path);
    return [
      {
        value: resource.inputs,
        protocol: at("ipProtocol"),
        from: at("fromPort"),
        to: at("toPort"),
        cidrs: [at("cidrIpv4"), at("cidrIpv6")],
        prefixLists: [at("prefixListId")],
      },
    ];
  }
  if (resource.type === RULE)
    return resource.at("type").text()?.toLowerCase() === direction ? [inline(resource.inputs)] : [];
  return resource.at(direction).items().map(inline);
}

function inline(value: Value): Rule {
  return {
    value,
    protocol: value.at("protocol"),
    from: value.at("fromPort"),
    to: value.at("toPort"),
    cidrs: [value.at("cidrBlocks"), value.at("ipv6CidrBlocks")],
    prefixLists: [value.at("prefixListIds")],
  };
}

/** The rule's path, for messages: `ingress[0]`, or the resource itself. */
export function placeOf(rule: Rule): string {
  return rule.value.path || "the rule";
}

/** Does the protocol carry TCP: tcp by name or number, or all protocols? */
export function carriesTcp(protocol: Value): boolean {
  const text = protocol.text()?.trim().toLowerCase() ?? "-1";
  return (
    ["tcp", "6", "-1", "all", ""].includes(text) ||
    (Number.isInteger(Number(text)) && (Number(text) === 6 || Number(text) === -1))
  );
}

/** Whether a rule of that protocol covers every port, regardless of its range. */
export function carriesEverything(protocol: Value): boolean {
  const text = protocol.text()?.trim().toLowerCase() ?? "-1";
  return text === "-1" || text === "all" || text === "";
}

/** Is the TCP port open under protocol and range? A range left out, or -1, means all ports. */
export function opensPort(rule: Pick<Rule, "protocol" | "from" | "to">, port: number): Tri {
  return all(
    () => carriesTcp(rule.protocol),
    () => carriesEverything(rule.protocol) || inRange(rule, port),
  );
}

function inRange({ from, to }: Pick<Rule, "from" | "to">, port: number): Tri {
  return all(
    () => bound(from, (first) => first <= port),
    () => bound(to, (last) => last >= port || last === -1),
  );
}

function bound(value: Value, test: (limit: number) => boolean): boolean {
  if (value.isAbsent) return true;
  const limit = value.number();
  // The provider refuses a value that is no number; it opens nothing.
  return limit !== undefined && test(limit);
}

/**
 * The CIDR blocks among some values that hold a public address; an unknown one is in the list as it
 * is.
 */
export function publicCidrs(cidrs: readonly Value[]): Value[] {
  return cidrs
    .flatMap((list) => (list.isUnknown ? [list] : list.items()))
    .filter((cidr) => cidr.isUnknown || isPublicCidr(cidr));
}

/**
 * Whether the text holds a public address. False for a text that is no CIDR block: AWS refuses it.
 */
export function isPublicCidr(cidr: Value): boolean {
  const range = parseCidr(cidr.text() ?? "");
  return range !== undefined && hasPublic(range);
}
