import { stackPolicy } from "../../frame/policy";
import { demandCompanion } from "../companion";
import { securityHub } from "../urls";

const SETTINGS = ["aws:apigateway/methodSettings:MethodSettings"];

/** Access logs say who called; execution logs say what the gateway made of it. */
export const apigwExecutionLogging = stackPolicy({
  name: "apigw-execution-logging",
  description: "Stages of REST APIs log errors of execution",
  severity: "low",
  level: "advisory",
  controls: { fsbp: ["APIGateway.1"], "nist-800-53r5": ["AU-2"], checkov: ["CKV2_AWS_4"], "cdk-nag": ["APIG6"] },
  remediation:
    'Add an aws.apigateway.MethodSettings for the stage with methodPath "*/*" and settings.loggingLevel ERROR or INFO.',
  url: securityHub("APIGateway.1"),
  types: ["aws:apigateway/stage:Stage"],
  checkStack(stack, report) {
    report.eachResource(stack.ofType("aws:apigateway/stage:Stage"), (stage) =>
      demandCompanion(
        stack,
        report,
        stage,
        SETTINGS,
        "stageName",
        "no method settings of the stage log errors",
        (settings) => ["ERROR", "INFO"].includes(settings.at("settings.loggingLevel").text() ?? ""),
      ),
    );
  },
});
