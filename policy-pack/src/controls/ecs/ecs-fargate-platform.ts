import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";
import { set } from "../remedy";

/** Security fixes of the platform reach only services that ask for the latest. */
export const ecsFargatePlatform = resourcePolicy({
  name: "ecs-fargate-platform",
  description: "Fargate services run on the latest platform version",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["ECS.10"], "nist-800-53r5": ["SI-2"], checkov: ["CKV_AWS_332"] },
  remediation: "Leave platformVersion out, or set it to LATEST.",
  url: securityHub("ECS.10"),
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    const version = service.at("platformVersion");
    report.expect(version, () => version.isAbsent || version.text() === "LATEST");
  },
  remediate(inputs) {
    return "platformVersion" in inputs && set(inputs, { platformVersion: "LATEST" });
  },
});
