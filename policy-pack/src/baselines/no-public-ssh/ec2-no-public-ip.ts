import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import type { ResourceView } from "../../frame/view";
import { securityHub } from "../../shared/security-hub";

/**
 * Where each type says that a machine gets a public address. Launch templates say it as text
 * ("true").
 */
const SETTINGS: Readonly<Record<string, (resource: ResourceView) => Value[]>> = {
  "aws:ec2/instance:Instance": (instance) => [instance.at("associatePublicIpAddress")],
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": (request) => [request.at("associatePublicIpAddress")],
  "aws:ec2/launchConfiguration:LaunchConfiguration": (configuration) => [configuration.at("associatePublicIpAddress")],
  "aws:ec2/launchTemplate:LaunchTemplate": (template) => below(template, "networkInterfaces"),
  "aws:ec2/spotFleetRequest:SpotFleetRequest": (fleet) => below(fleet, "launchSpecifications"),
};

function below(resource: ResourceView, list: string): Value[] {
  return resource
    .at(list)
    .items()
    .map((item) => item.at("associatePublicIpAddress"));
}

/**
 * A machine with a public address can be tried from everywhere, whatever its security group says
 * today.
 */
export const ec2NoPublicIp = resourcePolicy({
  name: "ec2-no-public-ip",
  description: "Machines get no public address",
  severity: "high",
  level: "mandatory",
  controls: {
    baseline: ["no-public-ssh"],
    fsbp: ["EC2.9", "EC2.25"],
    "nist-800-53r5": ["SC-7"],
    checkov: ["CKV_AWS_88"],
    trivy: ["AWS-0009"],
    "cdk-nag": ["R5-EC2InstanceNoPublicIp"],
  },
  remediation: "Set associatePublicIpAddress to false; Session Manager reaches the machine through VPC endpoints.",
  url: securityHub("EC2.9"),
  types: Object.keys(SETTINGS),
  check(machine, report) {
    report.each(SETTINGS[machine.type]?.(machine) ?? [], (setting) =>
      report.expect(setting, (given) => given.flag() !== true),
    );
  },
  remediate(inputs) {
    if (inputs["associatePublicIpAddress"] !== true) return false;
    inputs["associatePublicIpAddress"] = false;
    return true;
  },
});
