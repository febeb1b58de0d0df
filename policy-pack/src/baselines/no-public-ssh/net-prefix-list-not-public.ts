import { resourcePolicy } from "../../frame/policy";
import { type Range, coversInternet, parseCidr } from "../../net/cidr";

const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/**
 * A rule that names a prefix list does not show its addresses; a list of the whole internet hides
 * an open rule.
 */
export const netPrefixListNotPublic = resourcePolicy({
  name: "net-prefix-list-not-public",
  description: "No prefix list holds the whole internet",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["no-public-ssh"], "nist-800-53r5": ["SC-7"] },
  remediation: "List the private or named networks that are meant.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
  types: [LIST, ENTRY],
  check(list, report) {
    const ranges: Range[] = [];
    report.each(
      list.type === ENTRY
        ? [list.at("cidr")]
        : list
            .at("entries")
            .items()
            .map((entry) => entry.at("cidr")),
      (cidr) => {
        const range = parseCidr(cidr.text() ?? "");
        if (range !== undefined) ranges.push(range);
      },
    );
    if (coversInternet(ranges)) report.violation("its entries together hold every address");
  },
});
