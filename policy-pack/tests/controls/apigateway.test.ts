import { apigwDomainTls, apigwExecutionLogging, apigwStageWaf } from "../../src/controls/apigateway";
import { resourceCases, stackCases } from "./cases";

resourceCases(apigwDomainTls, {
  compliant: { domainName: "api.example.com", securityPolicy: "TLS_1_2" },
  violations: { "TLS 1.0": { securityPolicy: "TLS_1_0" } },
  accepted: {
    "AWS's default": { securityPolicy: undefined },
    "TLS 1.3": { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" },
  },
});

resourceCases(apigwDomainTls, {
  type: "aws:apigatewayv2/domainName:DomainName",
  compliant: { domainName: "api.example.com", domainNameConfiguration: { securityPolicy: "TLS_1_2" } },
  violations: { "TLS 1.0": { "domainNameConfiguration.securityPolicy": "TLS_1_0" } },
});

const STAGE = "aws:apigateway/stage:Stage";
stackCases(apigwExecutionLogging, {
  compliant: {
    stage: { type: STAGE, restApi: "api", stageName: "prod", deployment: "d" },
    settings: {
      type: "aws:apigateway/methodSettings:MethodSettings",
      restApi: "api",
      stageName: "x",
      methodPath: "*/*",
      settings: { loggingLevel: "ERROR" },
      dependsOn: { stageName: ["stage"] },
    },
  },
  violations: { none: { settings: undefined }, off: { "settings:settings.loggingLevel": "OFF" } },
});

stackCases(apigwStageWaf, {
  compliant: {
    api: { type: "aws:apigateway/restApi:RestApi", name: "api", endpointConfiguration: { types: "REGIONAL" } },
    stage: { type: STAGE, restApi: "api", stageName: "prod", deployment: "d" },
    association: {
      type: "aws:wafv2/webAclAssociation:WebAclAssociation",
      resourceArn: "x",
      webAclArn: "acl",
      dependsOn: { resourceArn: ["stage"] },
    },
  },
  violations: { none: { association: undefined } },
  accepted: {
    "a private API": { association: undefined, "api:endpointConfiguration": { types: "PRIVATE" } },
    "an API of another stack": { association: undefined, api: undefined },
  },
});
