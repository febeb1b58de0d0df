import { resourcePolicy } from "../../frame/policy";

/** A trace shows where a slow or failing call spent its time. */
export const lambdaTracing = resourcePolicy({
  name: "lambda-tracing",
  description: "Functions take part in traces",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CA-7"], checkov: ["CKV_AWS_50"] },
  remediation: 'Set tracingConfig.mode to "Active". In a VPC without an X-Ray endpoint, use "PassThrough".',
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  types: ["aws:lambda/function:Function"],
  check(fn, report) {
    report.expect(fn.at("tracingConfig.mode"), (mode) => ["Active", "PassThrough"].includes(mode.text() ?? ""));
  },
});
