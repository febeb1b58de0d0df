import { apigwDomainTls } from "../../src/controls/apigateway/apigw-domain-tls";
import { apigwExecutionLogging } from "../../src/controls/apigateway/apigw-execution-logging";
import { apigwStageWaf } from "../../src/controls/apigateway/apigw-stage-waf";
import { cognitoMfa } from "../../src/controls/cognito/cognito-mfa";
import { cognitoNoGuests } from "../../src/controls/cognito/cognito-no-guests";
import { ecrImmutable } from "../../src/controls/ecr/ecr-immutable";
import { ecrLifecycle } from "../../src/controls/ecr/ecr-lifecycle";
import { ecrScan } from "../../src/controls/ecr/ecr-scan";
import { lambdaConcurrency } from "../../src/controls/lambda/lambda-concurrency";
import { lambdaDlq } from "../../src/controls/lambda/lambda-dlq";
import { lambdaNotPublic } from "../../src/controls/lambda/lambda-not-public";
import { lambdaRuntime } from "../../src/controls/lambda/lambda-runtime";
import { lambdaTracing } from "../../src/controls/lambda/lambda-tracing";
import { albAccessLogs } from "../../src/controls/lb/alb-access-logs";
import { albDeletionProtection } from "../../src/controls/lb/alb-deletion-protection";
import { albDesync } from "../../src/controls/lb/alb-desync";
import { albDropHeaders } from "../../src/controls/lb/alb-drop-headers";
import { albHttpsOnly } from "../../src/controls/lb/alb-https-only";
import { albNoPlainHttp } from "../../src/controls/lb/alb-no-plain-http";
import { albTlsPolicy } from "../../src/controls/lb/alb-tls-policy";
import { albWaf } from "../../src/controls/lb/alb-waf";
import { lbTargetGroupTls } from "../../src/controls/lb/lb-target-group-tls";
import { ssmParameterSecure } from "../../src/controls/ssm/ssm-parameter-secure";
import { wafHasRules } from "../../src/controls/waf/waf-has-rules";
import { wafKnownBadInputs } from "../../src/controls/waf/waf-known-bad-inputs";
import { wafLogging } from "../../src/controls/waf/waf-logging";
import { resourceCases, stackCases } from "./cases";

const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const forward = { type: "forward", targetGroupArn: "group" };

resourceCases(albHttpsOnly, {
  compliant: { loadBalancerArn: "lb", protocol: "HTTP", port: 80, defaultActions: [redirect] },
  violations: {
    "a forward": { defaultActions: [forward] },
    "no action": { defaultActions: [] },
    "a redirect to plain HTTP": { "defaultActions[0].redirect.protocol": "HTTP" },
    "lower case": { protocol: "http", defaultActions: [forward] },
    "a forward beside the redirect": { defaultActions: [redirect, forward] },
  },
  accepted: {
    HTTPS: { protocol: "HTTPS", defaultActions: [forward] },
    "TCP of a network load balancer": { protocol: "TCP", defaultActions: [forward] },
  },
});

resourceCases(albTlsPolicy, {
  compliant: {
    loadBalancerArn: "lb",
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    defaultActions: [forward],
  },
  violations: {
    "no policy": { sslPolicy: undefined },
    "the policy of 2016": { sslPolicy: "ELBSecurityPolicy-2016-08" },
    "TLS 1.1": { sslPolicy: "ELBSecurityPolicy-FS-1-1-2019-08" },
    "TLS 1.0 beside 1.3": { sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" },
    "TLS of a network load balancer": { protocol: "TLS", sslPolicy: undefined },
  },
  accepted: {
    "TLS 1.3 only": { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
    "TLS 1.2": { sslPolicy: "ELBSecurityPolicy-FS-1-2-Res-2019-08" },
    "a listener without TLS": { protocol: "TCP", sslPolicy: undefined },
  },
});

const balancer = { type: "aws:lb/loadBalancer:LoadBalancer", name: "gateway" };
const listener = {
  type: "aws:lb/listener:Listener",
  loadBalancerArn: "gateway",
  protocol: "HTTP",
  defaultActions: [redirect],
};
stackCases(albNoPlainHttp, {
  compliant: { balancer, listener },
  violations: {
    "a plain listener": { "listener:defaultActions": [forward] },
    "a listener without a protocol": { "listener:protocol": undefined },
  },
  accepted: {
    "another balancer's plain listener": { "listener:defaultActions": [forward], "listener:loadBalancerArn": "other" },
    "no listener": { listener: undefined },
    "a gateway load balancer's listener": { "listener:protocol": undefined, "balancer:loadBalancerType": "gateway" },
  },
});

resourceCases(albDropHeaders, {
  compliant: { dropInvalidHeaderFields: true },
  violations: { off: { dropInvalidHeaderFields: false }, "left out": { dropInvalidHeaderFields: undefined } },
  accepted: { "a network load balancer": { loadBalancerType: "network", dropInvalidHeaderFields: undefined } },
});
resourceCases(albDesync, {
  compliant: { desyncMitigationMode: "strictest" },
  violations: { "watching only": { desyncMitigationMode: "monitor" } },
  accepted: { "AWS's default": { desyncMitigationMode: undefined }, defensive: { desyncMitigationMode: "defensive" } },
});
resourceCases(albDesync, {
  type: "aws:elb/loadBalancer:LoadBalancer",
  compliant: { listeners: [] },
  violations: { "watching only": { desyncMitigationMode: "monitor" } },
});
resourceCases(albAccessLogs, {
  compliant: { accessLogs: { bucket: "logs", enabled: true } },
  violations: {
    off: { "accessLogs.enabled": false },
    "a bucket alone": { "accessLogs.enabled": undefined },
    none: { accessLogs: undefined },
  },
  accepted: { "a gateway load balancer": { loadBalancerType: "gateway", accessLogs: undefined } },
});
resourceCases(albDeletionProtection, {
  compliant: { enableDeletionProtection: true },
  violations: { off: { enableDeletionProtection: false }, "left out": { enableDeletionProtection: undefined } },
});
stackCases(albWaf, {
  compliant: {
    balancer,
    association: { type: "aws:wafv2/webAclAssociation:WebAclAssociation", resourceArn: "gateway", webAclArn: "acl" },
  },
  violations: {
    "no association": { association: undefined },
    "another's association": { "association:resourceArn": "other" },
    "one that says it is public": { association: undefined, "balancer:internal": false },
  },
  accepted: {
    "an internal balancer": { association: undefined, "balancer:internal": true },
    "a network load balancer": { association: undefined, "balancer:loadBalancerType": "network" },
  },
});
stackCases(lbTargetGroupTls, {
  compliant: {
    group: { type: "aws:lb/targetGroup:TargetGroup", name: "group", protocol: "HTTP" },
    listener: {
      type: "aws:lb/listener:Listener",
      loadBalancerArn: "gateway",
      protocol: "HTTPS",
      defaultActions: [forward],
    },
  },
  violations: {
    "no listener": { listener: undefined },
    "a plain listener": { "listener:protocol": "HTTP" },
    "another group's listener": { "listener:defaultActions": [{ type: "forward", targetGroupArn: "other" }] },
  },
  accepted: {
    "a group that speaks TLS": { "group:protocol": "HTTPS", listener: undefined },
    TCP: { "group:protocol": "TCP", listener: undefined },
  },
});

const ACL = "aws:wafv2/webAcl:WebAcl";
const bad = {
  name: "bad",
  priority: 1,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } },
};
stackCases(wafLogging, {
  compliant: {
    acl: { type: ACL, name: "acl", scope: "REGIONAL" },
    logging: {
      type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
      resourceArn: "acl",
      logDestinationConfigs: ["x"],
    },
  },
  violations: { "no logging": { logging: undefined }, "another's logging": { "logging:resourceArn": "other" } },
});
for (const type of [ACL, "aws:waf/webAcl:WebAcl", "aws:wafregional/webAcl:WebAcl"]) {
  resourceCases(wafHasRules, {
    type,
    compliant: { rules: [{ priority: 1 }] },
    violations: { none: { rules: undefined }, "an empty list": { rules: [] }, "an empty rule": { rules: [{}] } },
    presence: ["rules"],
  });
}
resourceCases(wafHasRules, {
  compliant: { ruleJson: "[]", scope: "REGIONAL" },
  violations: { "neither form": { ruleJson: undefined } },
});
resourceCases(wafKnownBadInputs, {
  compliant: { scope: "REGIONAL", rules: [bad] },
  violations: {
    "no rules": { rules: [] },
    "another group": { "rules[0].statement.managedRuleGroupStatement.name": "AWSManagedRulesAnonymousIpList" },
    "a group that only counts": { "rules[0].overrideAction": { count: {} } },
    "a rule that only counts": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Log4JRCE_BODY", actionToUse: { count: {} } },
      ],
    },
  },
  accepted: {
    "an exception that is not Log4j's": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Host_localhost_HEADER", actionToUse: { count: {} } },
      ],
    },
    "an override that blocks": {
      "rules[0].statement.managedRuleGroupStatement.ruleActionOverrides": [
        { name: "Log4JRCE_BODY", actionToUse: { block: {} } },
      ],
    },
  },
});

resourceCases(lambdaNotPublic, {
  compliant: {
    action: "lambda:InvokeFunction",
    function: "f",
    principal: "events.amazonaws.com",
    sourceArn: "arn:aws:events:us-east-1:111122223333:rule/r",
  },
  violations: {
    everyone: { principal: "*" },
    "a service for any account": { sourceArn: undefined },
    "a public URL": { principal: "*", functionUrlAuthType: "NONE" },
  },
  accepted: {
    "a service for one account": { sourceArn: undefined, sourceAccount: "111122223333" },
    "a role": { principal: "arn:aws:iam::111122223333:role/app", sourceArn: undefined },
    "an organization": { principal: "*", principalOrgId: "o-1" },
  },
  presence: ["sourceArn"],
});
resourceCases(lambdaNotPublic, {
  type: "aws:lambda/functionUrl:FunctionUrl",
  compliant: { functionName: "f", authorizationType: "AWS_IAM" },
  violations: { "a public URL": { authorizationType: "NONE" } },
});
resourceCases(lambdaRuntime, {
  compliant: { runtime: "nodejs22.x" },
  violations: {
    "an old one": { runtime: "python3.6" },
    "one that ended last year": { runtime: "nodejs18.x" },
    none: { runtime: undefined },
  },
  accepted: { "a container image": { packageType: "Image", runtime: undefined } },
});
resourceCases(lambdaConcurrency, {
  compliant: { reservedConcurrentExecutions: 5 },
  violations: { none: { reservedConcurrentExecutions: undefined }, "no limit": { reservedConcurrentExecutions: -1 } },
  accepted: { "a function that is stopped": { reservedConcurrentExecutions: 0 } },
});
stackCases(lambdaDlq, {
  compliant: {
    fn: { type: "aws:lambda/function:Function", name: "f" },
    config: {
      type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      functionName: "f",
      destinationConfig: { onFailure: { destination: "queue" } },
    },
  },
  violations: {
    none: { config: undefined },
    "success only": { "config:destinationConfig": { onSuccess: { destination: "queue" } } },
    "another's": { "config:functionName": "other" },
  },
  accepted: { "a dead letter queue": { config: undefined, "fn:deadLetterConfig": { targetArn: "queue" } } },
  presence: ["destinationConfig"],
});
resourceCases(lambdaTracing, {
  compliant: { tracingConfig: { mode: "Active" } },
  violations: { none: { tracingConfig: undefined } },
  accepted: { "the caller's choice": { tracingConfig: { mode: "PassThrough" } } },
});

resourceCases(ssmParameterSecure, {
  compliant: {
    type: "SecureString",
    keyId: "arn:aws:kms:us-east-1:111122223333:key/1",
    name: "/app/password",
    value: "hunter2",
  },
  violations: {
    "no key": { keyId: undefined },
    "AWS's own key": { keyId: "alias/aws/ssm" },
    "a secret by its name": { type: "String", keyId: undefined },
    "a secret by its shape": { type: "String", name: "/app/x", value: "-----BEGIN PRIVATE KEY-----" },
    "a secret that is shown": { type: "String", value: undefined, insecureValue: "hunter2" },
  },
  accepted: {
    "a plain setting": { type: "String", name: "/app/region", value: "us-east-1" },
    "a place": {
      type: "String",
      name: "/app/password",
      value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a",
    },
  },
  presence: ["name", "keyId"],
});

resourceCases(ecrImmutable, {
  compliant: { name: "r", imageTagMutability: "IMMUTABLE" },
  violations: { mutable: { imageTagMutability: "MUTABLE" }, "left out": { imageTagMutability: undefined } },
});
resourceCases(ecrScan, {
  compliant: { imageScanningConfiguration: { scanOnPush: true } },
  violations: {
    off: { imageScanningConfiguration: { scanOnPush: false } },
    "left out": { imageScanningConfiguration: undefined },
  },
});
stackCases(ecrLifecycle, {
  compliant: {
    repository: { type: "aws:ecr/repository:Repository", name: "r" },
    lifecycle: { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", repository: "r", policy: "{}" },
  },
  violations: { none: { lifecycle: undefined }, "another's": { "lifecycle:repository": "other" } },
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
resourceCases(cognitoMfa, {
  compliant: { mfaConfiguration: "ON" },
  violations: {
    off: { mfaConfiguration: "OFF" },
    "as people like": { mfaConfiguration: "OPTIONAL" },
    "left out": { mfaConfiguration: undefined },
  },
});
resourceCases(cognitoNoGuests, {
  compliant: { identityPoolName: "p", allowUnauthenticatedIdentities: false },
  violations: { guests: { allowUnauthenticatedIdentities: true }, "the old flow": { allowClassicFlow: true } },
  accepted: { "AWS's default": { allowUnauthenticatedIdentities: undefined } },
});
