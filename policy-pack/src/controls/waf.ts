import { resourcePolicy, stackPolicy } from "../frame/policy";
import type { Value } from "../frame/value";
import { demandCompanion } from "../shared/companion";
import { securityHub } from "../shared/security-hub";

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
    // The rules of a version 2 ACL may also stand in one JSON text, or be made by resources of
    // their own.
    if (acl.at("ruleJson").isSet) return;
    const rules = acl.at("rules");
    report.expect(
      rules,
      () => rules.items().some((rule) => rule.isUnknown || rule.entries().length > 0),
      "rules holds no rule",
    );
  },
});

/**
 * The managed group that blocks requests known to exploit a library, Log4j's lookups
 * (CVE-2021-44228) among them.
 */
export const wafKnownBadInputs = resourcePolicy({
  name: "waf-known-bad-inputs",
  description: "Web ACLs block inputs that are known to be bad",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-10"], checkov: ["CKV_AWS_192"] },
  remediation:
    "Add AWSManagedRulesKnownBadInputsRuleSet with overrideAction none, and exclude no rule of Log4J from it.",
  url: "https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
  types: ["aws:wafv2/webAcl:WebAcl"],
  check(acl, report) {
    if (acl.at("ruleJson").isSet) report.notApplicable("the rules stand in ruleJson");
    const rules = acl.at("rules");
    report.expect(rules, () => rules.items().some(blocksLog4j), "no rule blocks known bad inputs");
  },
});

function blocksLog4j(rule: Value): boolean {
  const group = rule.at("statement.managedRuleGroupStatement");
  if (group.at("name").text() !== "AWSManagedRulesKnownBadInputsRuleSet" || rule.at("overrideAction.count").isSet)
    return false;
  const excluded = [group.at("excludedRules"), group.at("excludedRule")].flatMap((list) => list.items());
  const overridden = group
    .at("ruleActionOverrides")
    .items()
    .filter((override) => override.at("actionToUse.block").isAbsent);
  return ![...excluded, ...overridden].some((exception) => exception.at("name").text()?.startsWith("Log4J") === true);
}

/** The log of blocked and admitted requests is evidence. */
export const wafLogging = stackPolicy({
  name: "waf-logging",
  description: "Web ACLs log the requests they judge",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["WAF.11"],
    "nist-800-53r5": ["AU-2"],
    checkov: ["CKV2_AWS_31"],
    "cdk-nag": ["R5-WAFv2LoggingEnabled"],
  },
  remediation: "Add an aws.wafv2.WebAclLoggingConfiguration for the web ACL.",
  url: securityHub("WAF.11"),
  types: ["aws:wafv2/webAcl:WebAcl"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:wafv2/webAcl:WebAcl"), (acl) =>
      demandCompanion(
        stack,
        report,
        acl,
        ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"],
        "resourceArn",
        "no logging configuration names the web ACL",
      ),
    );
  },
});
