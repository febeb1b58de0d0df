import { resourcePolicy } from "../../frame/policy";

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
