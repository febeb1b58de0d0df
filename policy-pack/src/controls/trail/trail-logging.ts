import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** A trail that stands and records nothing looks like one that does. */
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
