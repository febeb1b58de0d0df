import { resourcePolicy } from "../../frame/policy";
import { LOAD_BALANCERS } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** Two servers that disagree where a request ends let one caller finish another's. */
export const albDesync = resourcePolicy({
  name: "alb-desync",
  description: "Load balancers do not pass on requests that servers may read differently",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ELB.12", "ELB.14"], "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_328"] },
  remediation: "Leave desyncMitigationMode out, or set it to defensive or strictest.",
  url: securityHub("ELB.12"),
  types: [...LOAD_BALANCERS, "aws:elb/loadBalancer:LoadBalancer"],
  check(balancer, report) {
    const mode = balancer.at("desyncMitigationMode");
    report.expect(mode, () => mode.isAbsent || ["defensive", "strictest"].includes(mode.text() ?? ""));
  },
  remediate(inputs) {
    return inputs["desyncMitigationMode"] === "monitor" && set(inputs, { desyncMitigationMode: "defensive" });
  },
});
