import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

/** What was blocked, and what was let through, is evidence. */
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
