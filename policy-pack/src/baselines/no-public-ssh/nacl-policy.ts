import { type ResourcePolicy, resourcePolicy } from "../../frame/policy";
import { type Tri, all, attempt } from "../../frame/tri";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { type Range, hasPublic, parseCidr, remainder } from "../../net/cidr";
import { opensPort } from "../../net/rules";
import { securityHub } from "../../shared/security-hub";

const RULE = "aws:ec2/networkAclRule:NetworkAclRule";

/** One inbound entry of a network ACL. */
interface Entry {
  readonly value: Value;
  readonly number: Value;
  readonly action: Value;
  readonly covers: Tri;
}

/**
 * Network ACLs that let a port in from public addresses; entries are read in the order of their
 * numbers, as AWS does.
 */
export function naclPolicy(
  port: number,
  facts: Pick<ResourcePolicy, "name" | "description" | "controls">,
): ResourcePolicy {
  return resourcePolicy({
    ...facts,
    severity: "medium",
    level: "mandatory",
    remediation: `Deny port ${port} from 0.0.0.0/0 and ::/0 before the entry that allows it, or narrow that entry to private networks.`,
    url: securityHub("EC2.21"),
    types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", RULE],
    check(acl, report) {
      const entries = entriesOf(acl, port).sort((a, b) => orderOf(a) - orderOf(b));
      const denied: Range[] = [];
      for (const entry of entries) {
        report.each([entry.value.at("cidrBlock"), entry.value.at("ipv6CidrBlock")], (cidr) => {
          const range = parseCidr(cidr.text() ?? "");
          if (range === undefined) return;
          const action = actionOf(entry);
          if (action === "deny" && entry.covers === true) denied.push(range);
          if (action === "allow" && remainder([range], denied).some(hasPublic)) {
            report.decide(
              entry.covers,
              entry.value,
              `${entry.value.path || "the entry"} allows TCP port ${port} from ${cidr.show()}`,
            );
          }
        });
      }
    },
  });
}

function entriesOf(acl: ResourceView, port: number): Entry[] {
  const values = acl.type === RULE ? [acl.inputs] : acl.at("ingress").items();
  return values.map((value) => ({
    value,
    number: value.at("ruleNo"),
    action: acl.type === RULE ? value.at("ruleAction") : value.at("action"),
    covers: all(
      () => acl.type !== RULE || value.at("egress").flag() !== true,
      () => opensPort({ protocol: value.at("protocol"), from: value.at("fromPort"), to: value.at("toPort") }, port),
    ),
  }));
}

/**
 * An entry of unknown number is read first, so that no Deny is trusted to come before it; such a
 * Deny is read last.
 */
function orderOf(entry: Entry): number {
  if (!entry.number.isUnknown) return entry.number.number() ?? 0;
  return attempt(() => actionOf(entry) === "deny") === true ? Infinity : -Infinity;
}

function actionOf(entry: Entry): string {
  return (entry.action.text() ?? "").toLowerCase();
}
