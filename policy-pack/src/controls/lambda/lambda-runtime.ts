import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../urls";

/** The runtimes that AWS still keeps up, as of November 2026 (AWS Lambda developer guide, "Lambda runtimes"). */
const SUPPORTED: readonly string[] = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.10",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "java8.al2",
  "java11",
  "java17",
  "java21",
  "java25",
  "dotnet8",
  "dotnet9",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

/** A runtime that AWS no longer patches is an operating system that nobody patches. */
export const lambdaRuntime = resourcePolicy({
  name: "lambda-runtime",
  description: "Functions run on a runtime that AWS keeps up",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["Lambda.2"], "nist-800-53r5": ["SI-2"], checkov: ["CKV_AWS_363"], "cdk-nag": ["L1"] },
  remediation: "Move the function to a supported runtime, such as nodejs22.x.",
  url: securityHub("Lambda.2"),
  types: ["aws:lambda/function:Function"],
  config: {
    supported: {
      type: "array",
      items: { type: "string" },
      description: "The runtimes that are accepted",
      default: SUPPORTED,
    },
  },
  check(fn, report, config) {
    if (fn.at("packageType").text() === "Image") report.notApplicable("the function is a container image");
    const supported = config
      .at("supported")
      .items()
      .map((runtime) => runtime.text());
    report.expect(fn.at("runtime"), (runtime) => supported.includes(runtime.text()));
  },
});
