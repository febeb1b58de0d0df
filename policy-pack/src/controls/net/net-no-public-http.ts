import { resourcePolicy } from "../../frame/policy";
import { ruleTypes } from "../../net/rules";
import { securityHub } from "../urls";
import { reportOpenPorts } from "./open-ports";

/** What comes in by port 80 is in the clear. */
export const netNoPublicHttp = resourcePolicy({
  name: "net-no-public-http",
  description: "No security group admits plain HTTP from a public address",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["EC2.18"], "nist-800-53r5": ["SC-7"], checkov: ["CKV_AWS_260"], trivy: ["AWS-0107"] },
  remediation: "Admit 443 from the callers' security groups only.",
  url: securityHub("EC2.18"),
  types: ruleTypes("ingress"),
  check(group, report) {
    reportOpenPorts(group, report, [80]);
  },
});
