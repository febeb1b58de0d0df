import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";
import { KEYS } from "./keys";
import { effective } from "../../shared/effective";

/** A deleted key takes its data with it; the window is the time to notice. */
export const kmsKeyDeletionWindow = resourcePolicy({
  name: "kms-key-deletion-window",
  description: "KMS keys are enabled, and deleted slowly",
  severity: "medium",
  level: "mandatory",
  controls: { baseline: ["kms-everywhere"], fsbp: ["KMS.3"], "nist-800-53r5": ["SC-12"], checkov: ["CKV_AWS_227"] },
  remediation:
    "Leave deletionWindowInDays out (30) or set it to the days asked for; leave isEnabled on and bypassPolicyLockoutSafetyCheck off.",
  url: securityHub("KMS.3"),
  types: KEYS,
  config: {
    days: {
      type: "integer",
      description: "The shortest waiting period before a key is deleted, in days (7 to 30)",
      default: 7,
    },
  },
  check(key, report, config) {
    const least = config.at("days").number() ?? 7;
    report.expect(effective(key, "deletionWindowInDays"), (days) => (days.number() ?? 0) >= least);
    for (const name of ["isEnabled", "enabled"]) report.expect(key.at(name), (enabled) => enabled.flag() !== false);
    report.expect(key.at("bypassPolicyLockoutSafetyCheck"), (bypass) => bypass.flag() !== true);
  },
});
