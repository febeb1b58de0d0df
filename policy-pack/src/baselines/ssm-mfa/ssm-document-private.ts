import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

/** A shared document shows others how sessions are set up, and lets them be named elsewhere. */
export const ssmDocumentPrivate = resourcePolicy({
  name: "ssm-document-private",
  description: "Documents are not shared with everybody",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["ssm-mfa"], fsbp: ["SSM.4", "SSM.7"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_303"] },
  remediation: "Name the accounts in permissions.account_ids, or leave permissions out.",
  url: securityHub("SSM.4"),
  types: ["aws:ssm/document:Document"],
  check(document, report) {
    const permissions = document.at("permissions");
    report.each([permissions.at("accountIds"), permissions.at("account_ids")], (accounts) => {
      const list = Array.isArray(accounts.known())
        ? accounts.items().flatMap((account) => account.text() ?? [])
        : (accounts.text()?.split(",") ?? []);
      if (list.some((account) => /^\s*(all|\*)\s*$/i.test(account))) report.violation("everybody may use it");
    });
  },
});
