import { resourcePolicy } from "../../frame/policy";
import { Undeterminable, type Value } from "../../frame/value";
import { BUCKET_LIFECYCLES } from "../types";

/** Parts of uploads that were never finished are invisible in listings and paid for all the same. */
export const s3LifecycleAbortUploads = resourcePolicy({
  name: "s3-lifecycle-abort-uploads",
  description: "Lifecycle configurations end unfinished uploads, for the whole bucket",
  severity: "low",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SI-12"], checkov: ["CKV_AWS_300"], area: ["cost"] },
  remediation:
    "Add an enabled rule with abortIncompleteMultipartUpload.daysAfterInitiation of 7 and no filter to narrow it.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
  types: BUCKET_LIFECYCLES,
  check(configuration, report) {
    const rules = configuration.at("rules").items();
    let unknown: Undeterminable | undefined;
    for (const rule of rules) {
      try {
        if (endsUploads(rule)) return;
      } catch (error) {
        if (!(error instanceof Undeterminable)) throw error;
        unknown ??= error;
      }
    }
    if (unknown) throw unknown;
    report.violation("no enabled rule for the whole bucket has abortIncompleteMultipartUpload");
  },
});

function endsUploads(rule: Value): boolean {
  const days = rule.at("abortIncompleteMultipartUpload.daysAfterInitiation");
  if (days.isAbsent || rule.at("status").text() !== "Enabled") return false;
  const filter = rule.at("filter");
  const narrowing = ["and", "tag", "objectSizeGreaterThan", "objectSizeLessThan"].some((key) => filter.at(key).isSet);
  const prefix = rule.at("prefix").text() ?? filter.at("prefix").text() ?? "";
  return !narrowing && prefix === "" && (days.number() ?? 0) > 0;
}
