import { resourcePolicy } from "../../frame/policy";
import { opensPort, placeOf, publicCidrs, ruleTypes, rulesOf } from "../../net/rules";
import { securityHub } from "../../shared/security-hub";

const SSH = 22;

/**
 * SSH from public addresses, by whatever protocol, range or spelling a security group can say it.
 */
export const netNoPublicSsh = resourcePolicy({
  name: "net-no-public-ssh",
  description: "No security group admits SSH from a public address",
  severity: "critical",
  level: "mandatory",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.13"],
    "cis-aws-3.0": ["5.2", "5.3"],
    "nist-800-53r5": ["SC-7", "AC-17"],
    checkov: ["CKV_AWS_24"],
    trivy: ["AWS-0107"],
    "cdk-nag": ["EC23", "R5-EC2RestrictedSSH"],
  },
  remediation: "Remove the rule: workspaces are reached through Session Manager, which needs no inbound port.",
  url: securityHub("EC2.13"),
  types: ruleTypes("ingress"),
  check(resource, report) {
    report.each(rulesOf(resource, "ingress"), (rule) => {
      const open = opensPort(rule, SSH);
      if (open === false) return;
      if (rule.value.isUnknown) report.undeterminable(rule.value);
      for (const cidr of rule.value.isUnknown ? [] : publicCidrs(rule.cidrs)) {
        report.decide(
          cidr.isUnknown ? "unknown" : open,
          cidr.isUnknown ? cidr : rule.value,
          `${placeOf(rule)} admits TCP port ${SSH} from ${cidr.show()}`,
        );
      }
    });
  },
});
