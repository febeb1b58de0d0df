import { resourcePolicy } from "../../frame/policy";
import { ruleTypes } from "../../net/rules";
import { securityHub } from "../urls";
import { reportOpenPorts } from "./open-ports";

/** Remote administration, and the consoles and stores of this system: what must never answer the internet. */
const PORTS = [3389, 5985, 5986, 8080, 8443, 4000, 3000, 5432, 3306, 6379, 8123, 9000, 2375, 2376];

/** A port that is open to the internet is tried within the hour. */
export const netNoPublicAdminPorts = resourcePolicy({
  name: "net-no-public-admin-ports",
  description: "No security group admits administration or data ports from a public address",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["EC2.14", "EC2.18", "EC2.19"],
    "cis-aws-3.0": ["5.2", "5.3"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_25"],
    trivy: ["AWS-0107"],
    "cdk-nag": ["EC23", "R5-EC2RestrictedCommonPorts"],
  },
  remediation: "Name the security groups of the callers instead of public addresses.",
  url: securityHub("EC2.19"),
  types: ruleTypes("ingress"),
  config: {
    ports: {
      type: "array",
      items: { type: "string" },
      description: "The TCP ports that are judged",
      default: PORTS.map(String),
    },
  },
  check(group, report, config) {
    const ports = config
      .at("ports")
      .items()
      .flatMap((port) => port.number() ?? []);
    reportOpenPorts(group, report, ports);
  },
});
