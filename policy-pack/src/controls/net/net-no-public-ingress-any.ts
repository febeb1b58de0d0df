import { resourcePolicy } from "../../frame/policy";
import { all } from "../../frame/tri";
import { carriesEverything, carriesTcp, placeOf, publicCidrs, ruleTypes, rulesOf } from "../../net/rules";
import { securityHub } from "../urls";

/** Every port at once is a host on the internet without a firewall. */
export const netNoPublicIngressAny = resourcePolicy({
  name: "net-no-public-ingress-any",
  description: "No security group admits every port from a public address",
  severity: "critical",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.18"],
    "cis-aws-3.0": ["5.2"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_277"],
    trivy: ["AWS-0107"],
    "cdk-nag": ["EC23"],
  },
  remediation: "Name the ports and the security groups of the callers.",
  url: securityHub("EC2.18"),
  types: ruleTypes("ingress"),
  check(group, report) {
    report.each(rulesOf(group, "ingress"), (rule) => {
      const isWhole = all(
        () => carriesTcp(rule.protocol),
        () =>
          carriesEverything(rule.protocol) ||
          ((rule.from.number() ?? 0) <= 1 && [undefined, -1, 65535].includes(rule.to.number())),
      );
      if (isWhole === false) return;
      for (const cidr of publicCidrs(rule.cidrs)) {
        report.decide(
          cidr.isUnknown ? "unknown" : isWhole,
          cidr.isUnknown ? cidr : rule.value,
          `${placeOf(rule)} admits every port from ${cidr.show()}`,
        );
      }
    });
  },
});
