import { resourcePolicy } from "../frame/policy";
import type { Value } from "../frame/value";
import type { ResourceView } from "../frame/view";
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
  controls: { "nist-800-53r5": ["AU-12"], aisf: ["AI-05"] },
  remediation:
    "Add an advancedEventSelector with eventCategory Data and resources.type AWS::Bedrock::Guardrail (or the types that you use).",
  url: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    const records = dataSelectors(trail).some(({ types }) => types.some((type) => type.startsWith("AWS::Bedrock::")));
    if (!records) report.violation("no advancedEventSelector names a type of Bedrock");
  },
});

/** Who read or changed which object is asked after every leak, and a trail does not record it by itself. */
export const trailS3DataEvents = resourcePolicy({
  name: "trail-s3-data-events",
  description: "Trails record who reads and who writes objects in S3",
  severity: "low",
  level: "advisory",
  controls: { "cis-aws-3.0": ["3.8", "3.9"], "nist-800-53r5": ["AU-12"], trivy: ["AWS-0171", "AWS-0172"] },
  remediation:
    "Add an advancedEventSelector with eventCategory Data and resources.type AWS::S3::Object, for reads and writes.",
  url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
  types: ["aws:cloudtrail/trail:Trail"],
  check(trail, report) {
    const objects = dataSelectors(trail).filter(
      ({ types, isPartial }) => !isPartial && types.includes("AWS::S3::Object"),
    );
    for (const access of ["reads", "writes"] as const) {
      if (!objects.some((selector) => selector[access]))
        report.violation(`no event selector records ${access} of objects`);
    }
  },
});

/** The data events that one selector of a trail records. */
interface DataSelector {
  /** Resource types, `AWS::S3::Object`. */
  readonly types: readonly string[];
  readonly reads: boolean;
  readonly writes: boolean;
  /** True where the selector names single events. */
  readonly isPartial: boolean;
}

/** The selectors of data events, basic and advanced. */
function dataSelectors(trail: ResourceView): DataSelector[] {
  const basic = trail
    .at("eventSelectors")
    .items()
    .map((selector) => {
      const kind = selector.at("readWriteType").text() ?? "All";
      const types = selector
        .at("dataResources")
        .items()
        .filter((resource) => resource.at("values").isSet)
        .map((resource) => resource.at("type").text() ?? "");
      return { types, reads: kind !== "WriteOnly", writes: kind !== "ReadOnly", isPartial: false };
    });
  const advanced = trail
    .at("advancedEventSelectors")
    .items()
    .map((selector) => selector.at("fieldSelectors").items())
    .filter((fields) => textsOf(fields, "eventCategory").includes("Data"))
    .map((fields) => {
      const readOnly = textsOf(fields, "readOnly");
      return {
        types: textsOf(fields, "resources.type"),
        reads: readOnly.length === 0 || readOnly.includes("true"),
        writes: readOnly.length === 0 || readOnly.includes("false"),
        isPartial: fields.some((field) => field.at("field").text() === "eventName"),
      };
    });
  return [...basic, ...advanced];
}

/** What a field of an advanced selector must equal or start with. */
function textsOf(fields: readonly Value[], name: string): string[] {
  return fields
    .filter((field) => field.at("field").text() === name)
    .flatMap((field) => [...field.at("equals").items(), ...field.at("startsWiths").items()])
    .map((value) => value.text() ?? "");
}

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
