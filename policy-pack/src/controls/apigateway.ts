import { resourcePolicy, stackPolicy } from "../frame/policy";
import { demandCompanion } from "../shared/companion";
import { securityHub } from "../shared/security-hub";

/** TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996). */
export const apigwDomainTls = resourcePolicy({
  name: "apigw-domain-tls",
  description: "Domain names of APIs accept TLS 1.2 and later only",
  severity: "high",
  level: "mandatory",
  controls: { "nist-800-53r5": ["SC-8"], checkov: ["CKV_AWS_206"] },
  remediation: 'Set securityPolicy to "TLS_1_2" or a later one.',
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
  types: ["aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName"],
  check(domain, report) {
    const policy = domain.type.includes("apigatewayv2")
      ? domain.at("domainNameConfiguration.securityPolicy")
      : domain.at("securityPolicy");
    report.expect(policy, () => policy.isAbsent || /^TLS_1_[23]$|^SecurityPolicy_TLS1[23]_/.test(policy.text() ?? ""));
  },
});

const METHOD_SETTINGS = ["aws:apigateway/methodSettings:MethodSettings"];

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
        METHOD_SETTINGS,
        "stageName",
        "no method settings of the stage log errors",
        (settings) => ["ERROR", "INFO"].includes(settings.at("settings.loggingLevel").text() ?? ""),
      ),
    );
  },
});

const ASSOCIATIONS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];

/** A private API cannot be reached from the internet; any other needs a web ACL. */
export const apigwStageWaf = stackPolicy({
  name: "apigw-stage-waf",
  description: "Stages of public REST APIs stand behind a web ACL",
  severity: "medium",
  level: "mandatory",
  controls: { fsbp: ["APIGateway.4"], "nist-800-53r5": ["SC-7"], checkov: ["CKV2_AWS_29"] },
  remediation: "Make the API private, or add an aws.wafv2.WebAclAssociation for the stage.",
  url: securityHub("APIGateway.4"),
  types: ["aws:apigateway/stage:Stage"],
  checkStack(stack, report) {
    const apis = stack.ofType("aws:apigateway/restApi:RestApi");
    report.eachResource(stack.ofType("aws:apigateway/stage:Stage"), (stage) => {
      const api = apis.find((candidate) => stack.refers(stage, "restApi", candidate));
      if (api === undefined) return report.notApplicable("the stage's API is not part of the stack");
      const types = api.at("endpointConfiguration.types");
      if (types.items().some((type) => type.text() === "PRIVATE")) report.notApplicable("the API is private");
      demandCompanion(stack, report, stage, ASSOCIATIONS, "resourceArn", "the stage is public and has no web ACL");
    });
  },
});
