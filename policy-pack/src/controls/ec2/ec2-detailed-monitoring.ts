import { resourcePolicy } from "../../frame/policy";
import { set } from "../remedy";

/** One-minute metrics cost about $2 a month per instance; five-minute ones are free, so this only advises. */
export const ec2DetailedMonitoring = resourcePolicy({
  name: "ec2-detailed-monitoring",
  description: "Instances send metrics every minute",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_126"], "cdk-nag": ["EC28"] },
  remediation: "Set monitoring to true where five minutes are too long to notice a fault.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  ],
  check(machine, report) {
    const isTemplate = machine.type.endsWith(":LaunchTemplate");
    const isConfiguration = machine.type.endsWith(":LaunchConfiguration");
    const value = machine.at(isTemplate ? "monitoring.enabled" : isConfiguration ? "enableMonitoring" : "monitoring");
    // A launch configuration monitors in detail unless it says otherwise.
    report.expect(value, () => value.flag() === true || (isConfiguration && value.isAbsent));
  },
  remediate(inputs, type) {
    if (!type.endsWith(":Instance")) return false;
    return set(inputs, { monitoring: true });
  },
});
