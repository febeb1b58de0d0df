import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";

/** An asynchronous invocation that fails three times is dropped, and nobody hears of it. */
export const lambdaDlq = stackPolicy({
  name: "lambda-dlq",
  description: "Functions keep what failed",
  severity: "low",
  level: "advisory",
  controls: { "nist-800-53r5": ["CP-10"], checkov: ["CKV_AWS_116"] },
  remediation:
    "Set deadLetterConfig.targetArn, or add an aws.lambda.FunctionEventInvokeConfig with an onFailure destination.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  types: ["aws:lambda/function:Function"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:lambda/function:Function"), (fn) => {
      if (fn.at("deadLetterConfig.targetArn").isSet) return;
      const types = ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"];
      demandCompanion(
        stack,
        report,
        fn,
        types,
        "functionName",
        "nothing keeps the events that failed",
        (config) => config.at("destinationConfig.onFailure.destination").isSet,
      );
    });
  },
});
