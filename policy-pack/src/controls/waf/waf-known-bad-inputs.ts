import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

/** The managed group that blocks requests known to exploit a library, Log4j's lookups (CVE-2021-44228) among them. */
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
