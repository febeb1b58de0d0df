import { resourcePolicy } from "../../frame/policy";
import { globMatches } from "../../iam/match";

/** A workspace of the wrong size is the fastest way to spend a month's budget in a day. */
export const ec2InstanceTypeAllowed = resourcePolicy({
  name: "ec2-instance-type-allowed",
  description: "Instances are of the types that the company has agreed to pay for",
  severity: "medium",
  level: "advisory",
  controls: { area: ["cost"] },
  remediation: "Choose a type that matches one of the patterns of this policy's setting allowed, or have one added.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
  types: [
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  ],
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Patterns of instance types, * for any run of characters",
      default: [
        "t3.*",
        "t3a.*",
        "t4g.*",
        "m?*.medium",
        "m?*.large",
        "m?*.xlarge",
        "m?*.2xlarge",
        "c?*.large",
        "c?*.xlarge",
        "c?*.2xlarge",
        "r?*.medium",
        "r?*.large",
        "r?*.xlarge",
        "r?*.2xlarge",
      ],
    },
  },
  check(machine, report, config) {
    const type = machine.at("instanceType");
    if (type.isAbsent) report.notApplicable("it names no instance type");
    const allowed = config
      .at("allowed")
      .items()
      .map((pattern) => pattern.text() ?? "");
    report.expect(type, () => allowed.some((pattern) => globMatches(pattern, type.text() ?? "")));
  },
});
