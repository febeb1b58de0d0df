import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";
import { securityHub } from "../../shared/security-hub";

const ROUTE = "aws:apigatewayv2/route:Route";

/** A method without authorization can be called by everyone. */
export const apigwAuthorized = resourcePolicy({
  name: "apigw-authorized",
  description: "API methods ask who calls",
  severity: "high",
  level: "mandatory",
  controls: {
    fsbp: ["APIGateway.8"],
    "nist-800-53r5": ["AC-3"],
    checkov: ["CKV_AWS_59", "CKV_AWS_309"],
    trivy: ["AWS-0004"],
    "cdk-nag": ["APIG4"],
  },
  remediation: "Set the authorization to AWS_IAM, or to an authorizer of your own.",
  url: securityHub("APIGateway.8"),
  types: ["aws:apigateway/method:Method", ROUTE],
  check(method, report) {
    const authorization = method.at(method.type === ROUTE ? "authorizationType" : "authorization");
    const asks = (given: Value): boolean => (given.text() ?? "NONE").toUpperCase() !== "NONE";
    // Browsers send a preflight without credentials.
    if (!method.at("httpMethod").isUnknown && method.at("httpMethod").text() === "OPTIONS")
      report.notApplicable("it answers preflight requests");
    report.expect(authorization, (given) => asks(given) || method.at("apiKeyRequired").flag() === true);
  },
});
