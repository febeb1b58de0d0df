import { stackPolicy } from "../../frame/policy";
import { LISTENERS, LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";

import { redirectsToHttps } from "./listener-actions";

/** The same as alb-https-only, seen from the balancer: one open listener among several is enough to leak. */
export const albNoPlainHttp = stackPolicy({
  name: "alb-no-plain-http",
  description: "No listener of a load balancer serves plain HTTP",
  severity: "high",
  level: "advisory",
  controls: { fsbp: ["ELB.1"], "nist-800-53r5": ["SC-8"], checkov: ["CKV2_AWS_20", "CKV_AWS_103"] },
  remediation: "Let each HTTP listener of the balancer redirect to HTTPS, or remove it.",
  url: securityHub("ELB.1"),
  types: LOAD_BALANCERS,
  checkStack(stack, report) {
    const listeners = stack.ofType(...LISTENERS);
    report.eachResource(stack.ofType(...LOAD_BALANCERS), (balancer) => {
      report.each(listeners, (listener) => {
        const protocol = listener.at("protocol").text()?.toUpperCase();
        const isPlain = protocol === "HTTP" && !redirectsToHttps(listener);
        // Only a gateway load balancer has listeners without a protocol.
        const isOpen =
          protocol === undefined && (balancer.at("loadBalancerType").text() ?? "application") !== "gateway";
        if (!isPlain && !isOpen) return;
        if (!stack.refers(listener, "loadBalancerArn", balancer)) return;
        report.violation(`its listener ${listener.name} ${isPlain ? "serves plain HTTP" : "names no protocol"}`);
      });
    });
  },
});
