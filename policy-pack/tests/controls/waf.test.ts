import { wafHasRules, wafKnownBadInputs, wafLogging } from "../../src/controls/waf";
import { resourceCases, stackCases } from "./cases";

const ACL = "aws:wafv2/webAcl:WebAcl";
for (const type of [ACL, "aws:waf/webAcl:WebAcl", "aws:wafregional/webAcl:WebAcl"]) {
  resourceCases(wafHasRules, {
    type,
    compliant: { rules: [{ priority: 1 }] },
    violations: { none: { rules: undefined }, "an empty list": { rules: [] }, "an empty rule": { rules: [{}] } },
    presence: ["rules"],
  });
}

resourceCases(wafHasRules, {
  compliant: { ruleJson: "[]", scope: "REGIONAL" },
  violations: { "neither form": { ruleJson: undefined } },
});

const bad = {
  name: "bad",
  priority: 1,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } },
};
resourceCases(wafKnownBadInputs, {
  compliant: { scope: "REGIONAL", rules: [bad] },
  violations: {
    "no rules": { rules: [] },
    "another group": { "rules[0].statement.managedRuleGroupStatement.name": "AWSManagedRulesAnonymousIpList" },
    "a group that only counts": { "rules[0].overrideAction": { count: {} } },
    "a rule that only counts": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Log4JRCE_BODY", actionToUse: { count: {} } },
      ],
    },
  },
  accepted: {
    "an exception that is not Log4j's": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Host_localhost_HEADER", actionToUse: { count: {} } },
      ],
    },
    "an override that blocks": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Log4JRCE_BODY", actionToUse: { block: {} } },
      ],
    },
  },
});

stackCases(wafLogging, {
  compliant: {
    acl: { type: ACL, name: "acl", scope: "REGIONAL" },
    logging: {
      type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
      resourceArn: "acl",
      logDestinationConfigs: ["x"],
    },
  },
  violations: { "no logging": { logging: undefined }, "another's logging": { "logging:resourceArn": "other" } },
});
