import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** A web ACL without a rule lets everything pass that its default action does. */
export const wafHasRules = resourcePolicy({
  name: "waf-has-rules",
  description: "Web ACLs hold rules",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["WAF.10", "WAF.8", "WAF.4"], "nist-800-53r5": ["SC-7"], checkov: ["CKV_AWS_175"] },
  remediation: "Add rules or rule groups, such as AWSManagedRulesCommonRuleSet.",
  url: securityHub("WAF.10"),
  types: ["aws:wafv2/webAcl:WebAcl", "aws:waf/webAcl:WebAcl", "aws:wafregional/webAcl:WebAcl"],
  check(acl, report) {
    // The rules of a version 2 ACL may also stand in one JSON text, or be made by resources of their own.
    if (acl.at("ruleJson").isSet) return;
    const rules = acl.at("rules");
    report.expect(
      rules,
      () => rules.items().some((rule) => rule.isUnknown || rule.entries().length > 0),
      "rules holds no rule",
    );
  },
});
