import { resourcePolicy } from "../../frame/policy";

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
