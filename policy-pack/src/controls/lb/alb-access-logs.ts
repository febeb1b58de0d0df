import { resourcePolicy } from "../../frame/policy";
import { LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";

/** Who called the gateway, when and from where, kept apart from the gateway itself. */
export const albAccessLogs = resourcePolicy({
  name: "alb-access-logs",
  description: "Load balancers log the requests made to them",
  severity: "medium",
  level: "advisory",
  controls: { fsbp: ["ELB.5"], "nist-800-53r5": ["AU-2"], checkov: ["CKV_AWS_91"], "cdk-nag": ["ELB2"] },
  remediation: "Set accessLogs with enabled true, or deliver the logs to an encrypted log group.",
  url: securityHub("ELB.5"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    if ((balancer.at("loadBalancerType").text() ?? "application") === "gateway")
      report.notApplicable("a gateway load balancer has no access logs");
    report.expect(balancer.at("accessLogs.enabled"), (enabled) => enabled.flag() === true);
  },
});
