import { resourcePolicy } from "../../frame/policy";
import { all } from "../../frame/tri";
import { coversInternet, parseCidr } from "../../net/cidr";
import { type Rule, carriesEverything, placeOf, publicCidrs, ruleTypes, rulesOf } from "../../net/rules";

/**
 * The rule that AWS's console and many modules add by themselves; there is hardly a reason to
 * exempt it, whatever else is exempted.
 */
export const netNoEgressToAnywhere = resourcePolicy({
  name: "net-no-egress-to-anywhere",
  description: "No security group lets everything out to everywhere",
  severity: "critical",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7", "AC-4"], checkov: ["CKV_AWS_382"] },
  remediation: "Name the ports and the networks, security groups or prefix lists that are needed.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: ruleTypes("egress"),
  check(resource, report) {
    report.each(rulesOf(resource, "egress"), (rule) => {
      for (const cidr of publicCidrs(rule.cidrs)) {
        const open = all(
          () => takesAnyPort(rule),
          () => coversInternet([parseCidr(cidr.text() ?? "") ?? { family: 4, first: 0n, last: 0n }]),
        );
        report.decide(open, cidr, `${placeOf(rule)} lets everything out to ${cidr.show()}`);
      }
    });
  },
});

/** All protocols, or one of them on all its ports; -1 and a range left out mean all. */
function takesAnyPort({ protocol, from, to }: Rule): boolean {
  if (carriesEverything(protocol)) return true;
  const [first, last] = [from.number() ?? 0, to.number() ?? 65535];
  return first <= 0 && (last === -1 || last >= 65535);
}
