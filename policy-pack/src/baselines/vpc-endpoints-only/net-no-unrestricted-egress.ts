import { resourcePolicy } from "../../frame/policy";
import { placeOf, publicCidrs, ruleTypes, rulesOf } from "../../net/rules";

/**
 * What may leave a machine: with endpoints and named networks there is no need for a public
 * address.
 */
export const netNoUnrestrictedEgress = resourcePolicy({
  name: "net-no-unrestricted-egress",
  description: "No security group lets traffic out to public addresses",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["SC-7", "AC-4"], trivy: ["AWS-0104"] },
  remediation: "Allow egress to security groups, the VPC's own range or an AWS prefix list (S3) only.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  types: ruleTypes("egress"),
  check(resource, report) {
    report.each(rulesOf(resource, "egress"), (rule) => {
      for (const cidr of publicCidrs(rule.cidrs)) {
        report.decide(cidr.isUnknown ? "unknown" : true, cidr, `${placeOf(rule)} lets traffic out to ${cidr.show()}`);
      }
    });
  },
});
