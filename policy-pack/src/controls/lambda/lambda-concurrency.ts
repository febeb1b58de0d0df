import { resourcePolicy } from "../../frame/policy";

/** A limit keeps one function that runs wild from starving the others, and from spending without end. */
export const lambdaConcurrency = resourcePolicy({
  name: "lambda-concurrency",
  description: "Functions have a limit of how many run at once",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["SC-5"], checkov: ["CKV_AWS_115"], area: ["cost"] },
  remediation: "Set reservedConcurrentExecutions.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  types: ["aws:lambda/function:Function"],
  check(fn, report) {
    report.expect(fn.at("reservedConcurrentExecutions"), (limit) => (limit.number() ?? -1) >= 0);
  },
});
