import { resourcePolicy } from "../../frame/policy";
import { LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** Headers that break the standard carry one request inside another past the balancer. */
export const albDropHeaders = resourcePolicy({
  name: "alb-drop-headers",
  description: "Application load balancers drop invalid headers",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ELB.4"], "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_131"], trivy: ["AWS-0052"] },
  remediation: "Set dropInvalidHeaderFields to true.",
  url: securityHub("ELB.4"),
  types: LOAD_BALANCERS,
  check(balancer, report) {
    const kind = balancer.at("loadBalancerType").text() ?? "application";
    if (kind !== "application") report.notApplicable(`a ${kind} load balancer reads no headers`);
    report.expect(balancer.at("dropInvalidHeaderFields"), (drop) => drop.flag() === true);
  },
  remediate(inputs) {
    return (
      (inputs["loadBalancerType"] ?? "application") === "application" && set(inputs, { dropInvalidHeaderFields: true })
    );
  },
});
