import { resourcePolicy } from "../../frame/policy";
import { LISTENERS } from "../types";
import { securityHub } from "../urls";
import { set } from "../remedy";

const ACCEPTED = /^ELBSecurityPolicy-(?:TLS13-1-[23]|FS-1-2|TLS-1-2)-/;

/** TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996); without a policy AWS still admits them. */
export const albTlsPolicy = resourcePolicy({
  name: "alb-tls-policy",
  description: "Listeners accept TLS 1.2 and later only",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["ELB.17"],
    "nist-800-53r5": ["SC-8"],
    checkov: ["CKV_AWS_103", "CKV2_AWS_74"],
    trivy: ["AWS-0047"],
    "cdk-nag": ["R5-ELBv2ACMCertificateRequired"],
  },
  remediation: 'Set sslPolicy to "ELBSecurityPolicy-TLS13-1-2-Res-2021-06".',
  url: securityHub("ELB.17"),
  types: LISTENERS,
  check(listener, report) {
    const protocol = listener.at("protocol").text()?.toUpperCase();
    if (protocol !== "HTTPS" && protocol !== "TLS") report.notApplicable("the listener does not speak TLS");
    report.expect(listener.at("sslPolicy"), (policy) => ACCEPTED.test(policy.text() ?? ""));
  },
  remediate(inputs) {
    const speaksTls = ["HTTPS", "TLS"].includes(String(inputs["protocol"]));
    if (!speaksTls || ACCEPTED.test(String(inputs["sslPolicy"]))) return false;
    return set(inputs, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" });
  },
});
