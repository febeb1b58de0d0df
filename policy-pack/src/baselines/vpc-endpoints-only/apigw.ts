import { resourcePolicy } from "../../frame/policy";
import type { Value } from "../../frame/value";

const URL = "https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html";
const ROUTE = "aws:apigatewayv2/route:Route";

/** Only REST APIs can be private; HTTP and WebSocket APIs always have a public address. */
export const apigwPrivateAuthz = resourcePolicy({
  name: "apigw-private-authz",
  description: "APIs are private REST APIs",
  severity: "high",
  level: "mandatory",
  controls: { baseline: ["vpc-endpoints-only"], "nist-800-53r5": ["AC-3", "SC-7"] },
  remediation: "Use a REST API with endpointConfiguration.types PRIVATE and an execute-api endpoint.",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
  types: ["aws:apigateway/restApi:RestApi", "aws:apigatewayv2/api:Api"],
  check(api, report) {
    if (api.type !== "aws:apigateway/restApi:RestApi") {
      report.violation("APIs of this kind always have a public address");
      return;
    }
    const types = api.at("endpointConfiguration.types");
    report.expect(types, () => {
      const given = types.items().map((type) => type.text());
      return given.length > 0 && given.every((type) => type === "PRIVATE");
    });
  },
});

/** Methods anybody may call. */
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
  url: `${URL}#apigateway-8`,
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

/** Who called what, when. */
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
  url: `${URL}#apigateway-9`,
  types: ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"],
  check(stage, report) {
    const destination = stage.at("accessLogSettings.destinationArn");
    report.expect(destination, () => destination.isUnknown || (destination.text() ?? "") !== "");
  },
});

/** What a cache holds is data at rest. */
export const apigwCacheEncrypted = resourcePolicy({
  name: "apigw-cache-encrypted",
  description: "API caches are encrypted",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["APIGateway.5"], "nist-800-53r5": ["SC-28"], checkov: ["CKV_AWS_308"], trivy: ["AWS-0002"] },
  remediation: "Set settings.cacheDataEncrypted to true.",
  url: `${URL}#apigateway-5`,
  types: ["aws:apigateway/methodSettings:MethodSettings"],
  check(method, report) {
    if (!method.at("settings.cachingEnabled").isUnknown && method.at("settings.cachingEnabled").flag() !== true)
      report.notApplicable("nothing is cached");
    report.expect(method.at("settings.cacheDataEncrypted"), (encrypted) => encrypted.flag() === true);
  },
  remediate(inputs) {
    const settings = inputs["settings"] as Record<string, unknown> | undefined;
    if (settings?.["cachingEnabled"] !== true || settings["cacheDataEncrypted"] === true) return false;
    settings["cacheDataEncrypted"] = true;
    return true;
  },
});
