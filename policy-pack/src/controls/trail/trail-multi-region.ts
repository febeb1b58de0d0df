import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** An intruder works in the region where nobody looks. */
export const trailMultiRegion = resourcePolicy({
  name: "trail-multi-region",
  description: "Trails record every region",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["CloudTrail.1"],
    "cis-aws-3.0": ["3.1"],
    "nist-800-53r5": ["AU-12"],
    checkov: ["CKV_AWS_67"],
    trivy: ["AWS-0014"],
    "cdk-nag": ["R5-CloudTrailEnabled"],
  },
  remediation: "Set isMultiRegionTrail to true.",
  url: securityHub("CloudTrail.1"),
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    report.expect(trail.at("isMultiRegionTrail"), (all) => all.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { isMultiRegionTrail: true });
  },
});
