import { resourcePolicy } from "../../frame/policy";
import { LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** One wrong line in a program takes the gateway from everyone. */
export const albDeletionProtection = resourcePolicy({
  name: "alb-deletion-protection",
  description: "Load balancers are protected from deletion",
  severity: "low",
  level: "advisory",
  controls: {
    fsbp: ["ELB.6"],
    "nist-800-53r5": ["CP-10"],
    checkov: ["CKV_AWS_150"],
    "cdk-nag": ["R5-ELBDeletionProtectionEnabled"],
  },
  remediation: "Set enableDeletionProtection to true.",
  url: securityHub("ELB.6"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    report.expect(balancer.at("enableDeletionProtection"), (protection) => protection.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { enableDeletionProtection: true });
  },
});
