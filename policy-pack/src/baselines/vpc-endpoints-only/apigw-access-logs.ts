import { resourcePolicy } from "../../frame/policy";
import { securityHub } from "../../shared/security-hub";

/** Access logs tell who called which method, and when. */
export const apigwAccessLogs = resourcePolicy({
  name: "apigw-access-logs",
  description: "API stages keep access logs",
  severity: "medium",
  level: "mandatory",
  controls: {
    fsbp: ["APIGateway.1", "APIGateway.9"],
    "nist-800-53r5": ["AU-2"],
    checkov: ["CKV_AWS_76"],
    trivy: ["AWS-0001"],
    "cdk-nag": ["APIG1"],
  },
  remediation: "Name a log group in accessLogSettings.destinationArn.",
  url: securityHub("APIGateway.9"),
  types: ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"],
  check(stage, report) {
    const destination = stage.at("accessLogSettings.destinationArn");
    report.expect(destination, () => destination.isUnknown || (destination.text() ?? "") !== "");
  },
});
