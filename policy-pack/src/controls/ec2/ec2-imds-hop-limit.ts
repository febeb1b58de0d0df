import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** Each container bridge is a hop: with a limit of 1 the token never reaches a container, which has no business with the host's role. */
export const ec2ImdsHopLimit = resourcePolicy({
  name: "ec2-imds-hop-limit",
  description: "The answer of the instance metadata service does not travel beyond the instance",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["EC2.170"], "nist-800-53r5": ["AC-3"], checkov: ["CKV_AWS_341"] },
  remediation:
    "Set metadataOptions.httpPutResponseHopLimit to 1, or raise maxHops to 2 where containers need the instance's role.",
  url: securityHub("EC2.170"),
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  config: { maxHops: { type: "integer", description: "The highest hop limit that is accepted", default: 1 } },
  check(machine, report, config) {
    const limit = machine.at("metadataOptions.httpPutResponseHopLimit");
    report.expect(limit, () => limit.isAbsent || (limit.number() ?? Infinity) <= (config.at("maxHops").number() ?? 1));
  },
});
