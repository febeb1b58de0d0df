import {
  bedrockAgentGuardrail,
  bedrockGuardrail,
  bedrockIamModelAllowlist,
  bedrockInvocationLogging,
  bedrockInvokeThroughEndpoint,
  bedrockLoggingNoText,
  bedrockNoMantle,
  bedrockNoMarketplace,
  bedrockOnlyGatewayInvokes,
  bedrockProfileTagged,
} from "../../src/controls/bedrock";
import { resourceCases } from "./cases";
import { allow, identityCases, identityPolicy } from "./documents";

resourceCases(bedrockAgentGuardrail, {
  compliant: { agentName: "a", guardrailConfigurations: [{ guardrailIdentifier: "g", guardrailVersion: "1" }] },
  violations: { none: { guardrailConfigurations: undefined }, "an empty one": { guardrailConfigurations: [{}] } },
});

resourceCases(bedrockGuardrail, {
  compliant: {
    name: "g",
    contentPolicyConfig: {
      filtersConfigs: [
        { type: "HATE", inputStrength: "LOW" },
        { type: "PROMPT_ATTACK", inputStrength: "HIGH", outputStrength: "NONE" },
      ],
    },
    sensitiveInformationPolicyConfig: { piiEntitiesConfigs: [{ type: "EMAIL", action: "ANONYMIZE" }] },
  },
  violations: {
    "no filter of attacks": { "contentPolicyConfig.filtersConfigs": [{ type: "HATE", inputStrength: "HIGH" }] },
    "a filter that lets pass": { "contentPolicyConfig.filtersConfigs[1].inputStrength": "NONE" },
    "no personal data": { sensitiveInformationPolicyConfig: undefined },
  },
  accepted: {
    "patterns of the company's own": {
      sensitiveInformationPolicyConfig: { regexesConfigs: [{ name: "id", pattern: "x", action: "BLOCK" }] },
    },
  },
});

const MODEL = "arn:aws:bedrock:ap-northeast-1::foundation-model/anthropic.claude-sonnet-4-6";
const PROFILES = "arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/*";
identityCases(
  bedrockIamModelAllowlist,
  {
    "every resource": allow("bedrock:InvokeModel", "*"),
    "every model": allow("bedrock:InvokeModel*", "arn:aws:bedrock:*::foundation-model/*"),
    "every model of a maker": allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/anthropic.*"),
    "every application profile": allow("bedrock:InvokeModel", PROFILES),
    "by a wildcard in the action": allow("bedrock:*", "*"),
  },
  {
    "a named model": allow("bedrock:InvokeModel", MODEL),
    "a named profile": allow(
      "bedrock:InvokeModel",
      "arn:aws:bedrock:ap-northeast-1:111122223333:inference-profile/jp.anthropic.claude-sonnet-4-6",
    ),
    "application profiles by their tag": allow("bedrock:InvokeModel", PROFILES, {
      Condition: { StringLike: { "aws:ResourceTag/Department": "*" } },
    }),
    "listing models": allow("bedrock:ListFoundationModels", "*"),
  },
);

resourceCases(bedrockIamModelAllowlist, {
  config: { models: ["anthropic.claude-haiku-*"] },
  compliant: identityPolicy(
    allow(
      "bedrock:InvokeModel",
      "arn:aws:bedrock:ap-northeast-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
  ),
  violations: { "a model that is not listed": identityPolicy(allow("bedrock:InvokeModel", MODEL)) },
});

resourceCases(bedrockInvocationLogging, {
  compliant: { loggingConfig: { cloudwatchConfig: { logGroupName: "g", roleArn: "r" } } },
  violations: { "no target": { loggingConfig: {} } },
  accepted: { "a bucket": { loggingConfig: { s3Config: { bucketName: "b" } } } },
  presence: ["loggingConfig"],
});

const VPCE = { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } };
identityCases(
  bedrockInvokeThroughEndpoint,
  {
    "from anywhere": allow("bedrock:InvokeModel", MODEL),
    "a condition that also holds without its key": allow("bedrock:InvokeModel", MODEL, {
      Condition: { StringEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
    }),
  },
  { "through an endpoint": allow("bedrock:InvokeModel", MODEL, VPCE) },
);

const quiet = {
  textDataDeliveryEnabled: false,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
};
resourceCases(bedrockLoggingNoText, {
  compliant: { loggingConfig: quiet },
  violations: {
    text: { "loggingConfig.textDataDeliveryEnabled": true },
    "a flag left out, which means true": { "loggingConfig.videoDataDeliveryEnabled": undefined },
  },
});

identityCases(
  bedrockNoMantle,
  {
    "an action": allow("bedrock-mantle:CreateInference", "*"),
    "the service": allow("bedrock-mantle:*"),
    "by a wildcard": allow("bedrock*"),
  },
  { "the front door": allow("bedrock:*", MODEL) },
);

identityCases(
  bedrockNoMarketplace,
  { subscribing: allow("aws-marketplace:Subscribe", "*"), "by a wildcard": allow("aws-marketplace:*", "*") },
  { looking: allow("aws-marketplace:ViewSubscriptions", "*") },
);

identityCases(
  bedrockOnlyGatewayInvokes,
  {
    "a workspace": allow("bedrock:InvokeModel", MODEL),
    "by streaming": allow("bedrock:InvokeModelWithResponseStream", MODEL),
  },
  { "listing models": allow("bedrock:ListFoundationModels", "*") },
);

resourceCases(bedrockOnlyGatewayInvokes, {
  config: { invokers: ["example-platform-gateway-task"] },
  compliant: { name: "example-platform-gateway-task", ...identityPolicy(allow("bedrock:InvokeModel", MODEL)) },
  violations: {
    "a name that the company did not list": { name: "workspace-tanaka" },
    "a gateway of another kind": { name: "nat-gateway-monitor" },
    "a gateway of another stack": { name: "example-engineering-gateway-task" },
    "a name that only begins alike": { name: "example-platform-gateway-task-reader" },
  },
  presence: ["name"],
});

resourceCases(bedrockOnlyGatewayInvokes, {
  type: "aws:iam/rolePolicy:RolePolicy",
  config: { invokers: ["*-bedrock-batch"] },
  compliant: { role: "example-bedrock-batch", name: "x", ...identityPolicy(allow("bedrock:InvokeModel", MODEL)) },
  violations: { "a role of another name, whatever its policy is called": { role: "a", name: "x-gateway-task" } },
  presence: ["name", "role"],
});

resourceCases(bedrockOnlyGatewayInvokes, {
  compliant: { name: "models", ...identityPolicy(allow("bedrock:InvokeModel", MODEL)) },
  config: { invokers: ["models"] },
  violations: { "a name that the company's begins": { name: "models-of-others" } },
  presence: ["name"],
});

resourceCases(bedrockProfileTagged, {
  compliant: { name: "p", tags: { Department: "engineering" } },
  violations: {
    none: { tags: undefined },
    "an empty one": { "tags.Department": "" },
    "another tag": { tags: { department: "engineering" } },
  },
});
