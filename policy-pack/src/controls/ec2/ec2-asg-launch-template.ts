import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** Launch configurations can no longer be made in new accounts, and know neither IMDS defaults nor newer instance types. */
export const ec2AsgLaunchTemplate = resourcePolicy({
  name: "ec2-asg-launch-template",
  description: "Auto Scaling groups start instances from launch templates",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["AutoScaling.9"], "nist-800-53r5": ["CM-2"], checkov: ["CKV_AWS_315"] },
  remediation: "Replace launchConfiguration by launchTemplate or mixedInstancesPolicy.",
  url: securityHub("AutoScaling.9"),
  types: ["aws:autoscaling/group:Group"],
  check(group, report) {
    const templates = ["launchTemplate", "mixedInstancesPolicy"].map((key) => group.at(key));
    if (!templates.some((template) => template.isSet))
      report.violation("neither launchTemplate nor mixedInstancesPolicy is set");
  },
});
