import { resourcePolicy } from "../frame/policy";
import { set } from "../shared/remedy";
import { securityHub } from "../shared/security-hub";

/**
 * InvokeModel is a management event and recorded anyway; who used a guardrail, an agent or a flow
 * is a data event and is not.
 */
export const trailBedrockDataEvents = resourcePolicy({
  name: "trail-bedrock-data-events",
  description: "Trails record the data events of Bedrock",
  severity: "low",
  level: "advisory",
  controls: {
    "cis-aws-3.0": ["3.8", "3.9"],
    "nist-800-53r5": ["AU-12"],
    aisf: ["AI-05"],
    trivy: ["AWS-0171", "AWS-0172"],
  },
  remediation:
    "Add an advancedEventSelector with eventCategory Data and resources.type AWS::Bedrock::Guardrail (or the types that you use).",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    const fields = trail
      .at("advancedEventSelectors")
      .items()
      .flatMap((selector) => selector.at("fieldSelectors").items());
    const records = fields.some((field) =>
      ["equals", "startsWith"]
        .flatMap((key) => field.at(key).items())
        .some((value) => value.text()?.startsWith("AWS::Bedrock::") === true),
    );
    if (!records) report.violation("no advancedEventSelector names a type of Bedrock");
  },
});

/** A trail's file in a bucket is read later; an event in CloudWatch can set off an alarm. */
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

/** A trail that exists but does not record looks like one that does. */
export const trailLogging = resourcePolicy({
  name: "trail-logging",
  description: "Trails are recording, the global services' events included",
  severity: "high",
  level: "mandatory",
  controls: { fsbp: ["CloudTrail.1"], "nist-800-53r5": ["AU-12"], checkov: ["CKV_AWS_251"] },
  remediation: "Leave enableLogging and includeGlobalServiceEvents out, or set them to true.",
  url: securityHub("CloudTrail.1"),
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    for (const key of ["enableLogging", "includeGlobalServiceEvents"])
      report.expect(trail.at(key), (on) => on.flag() !== false);
  },
  remediate(inputs) {
    const off = ["enableLogging", "includeGlobalServiceEvents"].filter((key) => key in inputs);
    return set(inputs, Object.fromEntries(off.map((key) => [key, true])));
  },
});

/** Intruders use the regions that no trail records. */
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
