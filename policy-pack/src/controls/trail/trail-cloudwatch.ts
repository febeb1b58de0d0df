import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** A file in a bucket is read after the fact; an event in CloudWatch sets off an alarm. */
export const trailCloudwatch = resourcePolicy({
  name: "trail-cloudwatch",
  description: "Trails send their events to CloudWatch too",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["CloudTrail.5"],
    "nist-800-53r5": ["AU-6"],
    checkov: ["CKV2_AWS_10"],
    trivy: ["AWS-0162"],
    "cdk-nag": ["R5-CloudTrailCloudWatchLogsEnabled"],
  },
  remediation: "Set cloudWatchLogsGroupArn, with cloudWatchLogsRoleArn.",
  url: securityHub("CloudTrail.5"),
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    if (trail.at("cloudWatchLogsGroupArn").isAbsent) report.violation("cloudWatchLogsGroupArn is not set");
  },
});
