import { stackPolicy } from "../../frame/policy";
import type { Report } from "../../frame/report";
import type { Value } from "../../frame/value";
import type { ResourceView, StackView } from "../../frame/view";
import { isPublicCidr, opensPort, placeOf, ruleTypes, rulesOf } from "../../net/rules";

const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/**
 * The rules that admit SSH by way of a prefix list, with the list's entries read from wherever the
 * stack states them.
 */
export const netNoPublicSshPrefixList = stackPolicy({
  name: "net-no-public-ssh-prefix-list",
  description: "No security group admits SSH from a prefix list with public addresses",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], fsbp: ["EC2.13"], "nist-800-53r5": ["SC-7", "AC-17"] },
  remediation: "Remove the rule: workspaces are reached through Session Manager, which needs no inbound port.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
  types: ruleTypes("ingress"),
  checkStack(stack, report) {
    report.eachResource(stack.ofType(...ruleTypes("ingress")), (group) => {
      for (const rule of rulesOf(group, "ingress")) {
        if (rule.prefixLists.every((list) => list.isAbsent) || opensPort(rule, 22) === false) continue;
        report.each(rule.prefixLists, (ids) => {
          for (const id of ids.isUnknown ? [ids] : ids.items()) judgeList(stack, report, group, id, placeOf(rule));
        });
      }
    });
  },
});

function judgeList(stack: StackView, report: Report, group: ResourceView, id: Value, place: string): void {
  const list = stack.ofType(LIST).find((candidate) => namesList(stack, group, id, candidate));
  if (list === undefined) {
    report.undeterminable(id, "names a prefix list whose entries this stack does not state");
    return;
  }
  const entries = stack.companions(list, ENTRY, "prefixListId").found.map((entry) => entry.at("cidr"));
  report.each(
    [
      ...list
        .at("entries")
        .items()
        .map((entry) => entry.at("cidr")),
      ...entries,
    ],
    (cidr) => {
      if (isPublicCidr(cidr))
        report.violation(`${place} admits TCP port 22 from prefix list ${list.name}, which holds ${cidr.show()}`);
    },
  );
}

function namesList(stack: StackView, group: ResourceView, id: Value, list: ResourceView): boolean {
  const key = id.path.split(/[.[]/, 1)[0] ?? "";
  if (group.facts.propertyDependencies?.[key]?.includes(list.urn)) return true;
  return !id.isUnknown && stack.isNamed(id.text(), list);
}
