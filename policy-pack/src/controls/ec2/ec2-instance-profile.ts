import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** Without an instance profile there is neither Session Manager nor short-lived credentials, and people put long-lived ones on the disk. */
export const ec2InstanceProfile = resourcePolicy({
  name: "ec2-instance-profile",
  description: "Instances get their permissions from an instance profile",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["SSM.1"],
    "cis-aws-3.0": ["1.18"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV2_AWS_41"],
    "cdk-nag": ["R5-EC2InstanceProfileAttached"],
  },
  remediation: "Set iamInstanceProfile to an instance profile whose role holds what the instance needs and no more.",
  url: securityHub("SSM.1"),
  types: ["aws:ec2/instance:Instance"],
  check(instance, report) {
    if (instance.at("launchTemplate").isSet && instance.at("iamInstanceProfile").isAbsent) {
      report.notApplicable("its launch template may name the instance profile");
    }
    const profile = instance.at("iamInstanceProfile");
    report.expect(profile, () => profile.isUnknown || (profile.isSet && profile.text() !== ""));
  },
});
