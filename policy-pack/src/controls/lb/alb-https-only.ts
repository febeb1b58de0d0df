import { resourcePolicy } from "../../frame/policy";
import { LISTENERS } from "../types";
import { securityHub } from "../urls";

import { redirectsToHttps } from "./listener-actions";

/** A virtual key sent over plain HTTP belongs to whoever listens. */
export const albHttpsOnly = resourcePolicy({
  name: "alb-https-only",
  description: "Listeners speak HTTPS or TLS, or send their callers to it",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ELB.1", "ELB.18"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_2", "CKV_AWS_103"],
    trivy: ["AWS-0054"],
    "cdk-nag": ["R5-ALBHttpToHttpsRedirection"],
  },
  remediation: "Set protocol to HTTPS with a certificateArn, or let the default action redirect to HTTPS.",
  url: securityHub("ELB.18"),
  types: LISTENERS,
  check(listener, report) {
    const protocol = listener.at("protocol").text()?.toUpperCase();
    if (protocol === "HTTP" && !redirectsToHttps(listener))
      report.violation("protocol is HTTP and the default action does not redirect to HTTPS");
  },
});
