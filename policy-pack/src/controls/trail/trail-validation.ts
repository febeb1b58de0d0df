import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** Digests tell whether a log file was changed or removed after it was delivered. */
export const trailValidation = resourcePolicy({
  name: "trail-validation",
  description: "Trails sign their log files",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["CloudTrail.4"],
    "cis-aws-3.0": ["3.2"],
    "nist-800-53r5": ["AU-9"],
    checkov: ["CKV_AWS_36"],
    trivy: ["AWS-0016"],
    "cdk-nag": ["R5-CloudTrailLogFileValidationEnabled"],
  },
  remediation: "Set enableLogFileValidation to true.",
  url: securityHub("CloudTrail.4"),
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    report.expect(trail.at("enableLogFileValidation"), (on) => on.flag() === true);
  },
  remediate(inputs) {
    return set(inputs, { enableLogFileValidation: true });
  },
});
