import { bedrockAgentGuardrail } from "../../src/controls/bedrock/bedrock-agent-guardrail";
import { bedrockGuardrail } from "../../src/controls/bedrock/bedrock-guardrail";
import { bedrockInvocationLogging } from "../../src/controls/bedrock/bedrock-invocation-logging";
import { bedrockLoggingNoText } from "../../src/controls/bedrock/bedrock-logging-no-text";
import { bedrockProfileTagged } from "../../src/controls/bedrock/bedrock-profile-tagged";
import { budgetNotifications } from "../../src/controls/cost/budget-notifications";
import { budgetPresent } from "../../src/controls/cost/budget-present";
import { costAnomalyNotifies } from "../../src/controls/cost/cost-anomaly-notifies";
import { tagsCostAllocation } from "../../src/controls/cost/tags-cost-allocation";
import { kmsKeyLogServiceGrant } from "../../src/controls/kms/kms-key-log-service-grant";
import { kmsKeyPolicyDefined } from "../../src/controls/kms/kms-key-policy-defined";
import { alarmActions } from "../../src/controls/logs/alarm-actions";
import { cisMetricAlarms } from "../../src/controls/logs/cis-metric-alarms";
import { logGroupRetention } from "../../src/controls/logs/log-group-retention";
import { logGroupRetentionMinimum } from "../../src/controls/logs/log-group-retention-minimum";
import { protectStateful } from "../../src/controls/stack/protect-stateful";
import { regionAllowList } from "../../src/controls/stack/region-allow-list";
import { trailBedrockDataEvents } from "../../src/controls/trail/trail-bedrock-data-events";
import { trailCloudwatch } from "../../src/controls/trail/trail-cloudwatch";
import { trailLogging } from "../../src/controls/trail/trail-logging";
import { trailMultiRegion } from "../../src/controls/trail/trail-multi-region";
import { trailValidation } from "../../src/controls/trail/trail-validation";
import { resourceCases, stackCases, type Inputs } from "./cases";

resourceCases(logGroupRetention, {
  compliant: { retentionInDays: 30 },
  violations: { "left out": { retentionInDays: undefined } },
  accepted: { "for ever, said by name": { retentionInDays: 0 } },
  presence: ["retentionInDays"],
});
resourceCases(logGroupRetentionMinimum, {
  compliant: { retentionInDays: 365 },
  violations: { "a month": { retentionInDays: 30 } },
  accepted: { "for ever": { retentionInDays: 0 }, longer: { retentionInDays: 731 } },
});
resourceCases(logGroupRetentionMinimum, {
  config: { minDays: 30 },
  compliant: { retentionInDays: 30 },
  violations: { "a week": { retentionInDays: 7 } },
});
const alarm = { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, alarmActions: ["topic"] };
resourceCases(alarmActions, {
  compliant: alarm,
  violations: { off: { actionsEnabled: false }, nobody: { alarmActions: [] }, "left out": { alarmActions: undefined } },
  accepted: { on: { actionsEnabled: true } },
});

const PATTERNS = [
  "UnauthorizedOperation AccessDenied",
  "ConsoleLogin MFAUsed",
  "userIdentity.type = Root",
  "PutRolePolicy AttachRolePolicy",
  "StopLogging DeleteTrail",
  "ConsoleLogin Failed authentication",
  "ScheduleKeyDeletion DisableKey",
  "PutBucketPolicy",
  "StopConfigurationRecorder",
  "AuthorizeSecurityGroupIngress",
  "CreateNetworkAclEntry",
  "CreateInternetGateway",
  "CreateRoute",
  "CreateVpc",
  "organizations.amazonaws.com",
];
const filters = Object.fromEntries<Inputs>(
  PATTERNS.flatMap((pattern, index): [string, Inputs][] => [
    [
      `filter${index}`,
      {
        type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        logGroupName: "trail",
        pattern,
        metricTransformation: { name: `m${index}`, namespace: "cis", value: "1" },
      },
    ],
    [`alarm${index}`, { type: "aws:cloudwatch/metricAlarm:MetricAlarm", ...alarm, metricName: `m${index}` }],
  ]),
);
stackCases(cisMetricAlarms, {
  compliant: {
    trail: { type: "aws:cloudtrail/trail:Trail", s3BucketName: "b", cloudWatchLogsGroupArn: "arn" },
    ...filters,
  },
  violations: {
    "one filter missing": { filter1: undefined },
    "one alarm missing": { alarm14: undefined },
    "another pattern": { "filter4:pattern": "CreateTrail" },
  },
  accepted: { "a trail that goes to S3 only": { "trail:cloudWatchLogsGroupArn": undefined, filter1: undefined } },
});

const trail = {
  s3BucketName: "b",
  isMultiRegionTrail: true,
  enableLogFileValidation: true,
  cloudWatchLogsGroupArn: "arn",
  cloudWatchLogsRoleArn: "arn",
};
resourceCases(trailMultiRegion, {
  compliant: trail,
  violations: { "one region": { isMultiRegionTrail: false }, "left out": { isMultiRegionTrail: undefined } },
});
resourceCases(trailLogging, {
  compliant: trail,
  violations: { stopped: { enableLogging: false }, "without global services": { includeGlobalServiceEvents: false } },
  accepted: { on: { enableLogging: true } },
});
resourceCases(trailValidation, {
  compliant: trail,
  violations: { off: { enableLogFileValidation: false }, "left out": { enableLogFileValidation: undefined } },
});
resourceCases(trailCloudwatch, {
  compliant: trail,
  violations: { none: { cloudWatchLogsGroupArn: undefined } },
  presence: ["cloudWatchLogsGroupArn"],
});
resourceCases(trailBedrockDataEvents, {
  compliant: {
    ...trail,
    advancedEventSelectors: [
      {
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::Bedrock::Guardrail"] },
        ],
      },
    ],
  },
  violations: {
    none: { advancedEventSelectors: undefined },
    "other data": { "advancedEventSelectors[0].fieldSelectors[1].equals": ["AWS::S3::Object"] },
  },
});

resourceCases(bedrockInvocationLogging, {
  compliant: { loggingConfig: { cloudwatchConfig: { logGroupName: "g", roleArn: "r" } } },
  violations: { "no target": { loggingConfig: {} } },
  accepted: { "a bucket": { loggingConfig: { s3Config: { bucketName: "b" } } } },
  presence: ["loggingConfig"],
});
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
resourceCases(bedrockAgentGuardrail, {
  compliant: { agentName: "a", guardrailConfigurations: [{ guardrailIdentifier: "g", guardrailVersion: "1" }] },
  violations: { none: { guardrailConfigurations: undefined }, "an empty one": { guardrailConfigurations: [{}] } },
});
resourceCases(bedrockProfileTagged, {
  compliant: { name: "p", tags: { Department: "engineering" } },
  violations: {
    none: { tags: undefined },
    "an empty one": { "tags.Department": "" },
    "another tag": { tags: { department: "engineering" } },
  },
});

const told = (notificationType: string): object => ({
  notificationType,
  comparisonOperator: "GREATER_THAN",
  threshold: 80,
  thresholdType: "PERCENTAGE",
  subscriberEmailAddresses: ["a@example.com"],
});
resourceCases(budgetNotifications, {
  compliant: { budgetType: "COST", timeUnit: "MONTHLY", notifications: [told("ACTUAL"), told("FORECASTED")] },
  violations: {
    "no forecast": { notifications: [told("ACTUAL")] },
    nobody: { "notifications[0].subscriberEmailAddresses": [] },
    none: { notifications: undefined },
  },
  accepted: {
    "a topic": {
      "notifications[0].subscriberEmailAddresses": undefined,
      "notifications[0].subscriberSnsTopicArns": ["topic"],
    },
  },
});
stackCases(budgetPresent, {
  compliant: {
    profile: { type: "aws:bedrock/inferenceProfile:InferenceProfile", name: "p" },
    budget: { type: "aws:budgets/budget:Budget", budgetType: "COST", timeUnit: "MONTHLY" },
  },
  violations: { none: { budget: undefined } },
  accepted: { "a stack that spends nothing": { budget: undefined, profile: undefined } },
});
resourceCases(costAnomalyNotifies, {
  compliant: { frequency: "IMMEDIATE", monitorArnLists: ["m"], subscribers: [{ type: "SNS", address: "topic" }] },
  violations: {
    nobody: { subscribers: [] },
    "mail at once": { "subscribers[0].type": "EMAIL" },
    "a topic each day": { frequency: "DAILY" },
  },
  accepted: { "mail each day": { frequency: "DAILY", "subscribers[0].type": "EMAIL" } },
});
resourceCases(tagsCostAllocation, {
  compliant: { instanceType: "t3.medium", tags: { Department: "engineering", CostCenter: "CC-1" } },
  violations: {
    none: { tags: undefined },
    "one missing": { "tags.CostCenter": undefined },
    "an empty one": { "tags.CostCenter": "" },
  },
});
resourceCases(tagsCostAllocation, {
  config: { required: ["Owner"] },
  compliant: { tags: { Owner: "sato" } },
  violations: { none: { tags: {} } },
});

const KEY = "aws:kms/key:Key";
const admits = (service: string): string =>
  JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { Service: service }, Action: "kms:Encrypt*", Resource: "*" },
    ],
  });
stackCases(kmsKeyPolicyDefined, {
  compliant: { key: { type: KEY, policy: admits("logs.ap-northeast-1.amazonaws.com") } },
  violations: { none: { "key:policy": undefined }, "an empty one": { "key:policy": "" } },
  accepted: {
    "a policy beside it": {
      "key:policy": undefined,
      policy: { type: "aws:kms/keyPolicy:KeyPolicy", keyId: "x", policy: "{}", dependsOn: { keyId: ["key"] } },
    },
  },
  presence: ["policy"],
});
stackCases(kmsKeyLogServiceGrant, {
  compliant: {
    key: { type: KEY, policy: admits("logs.ap-northeast-1.amazonaws.com") },
    group: { type: "aws:cloudwatch/logGroup:LogGroup", kmsKeyId: "x", dependsOn: { kmsKeyId: ["key"] } },
  },
  violations: { "another service": { "key:policy": admits("sns.amazonaws.com") }, none: { "key:policy": undefined } },
  accepted: {
    "a key that no log group uses": {
      "key:policy": admits("sns.amazonaws.com"),
      "group:dependsOn": {},
      "group:kmsKeyId": "arn:other",
    },
    "a policy beside it": {
      "key:policy": undefined,
      policy: {
        type: "aws:kms/keyPolicy:KeyPolicy",
        keyId: "x",
        policy: admits("logs.amazonaws.com"),
        dependsOn: { keyId: ["key"] },
      },
    },
  },
});

resourceCases(regionAllowList, {
  config: { regions: ["ap-northeast-1"] },
  compliant: { bucket: "b", region: "ap-northeast-1" },
  violations: { "another region": { region: "us-east-1" } },
  accepted: { "the provider's region, which is not known here": { region: undefined } },
});
resourceCases(regionAllowList, {
  type: "pulumi:providers:aws",
  config: { regions: ["ap-northeast-1"] },
  compliant: { region: "ap-northeast-1" },
  violations: { "another region": { region: "us-east-1" } },
});
for (const [type, compliant, change] of [
  ["aws:s3/bucket:Bucket", { bucket: "b" }, { forceDestroy: true }],
  ["aws:rds/cluster:Cluster", { deletionProtection: true }, { deletionProtection: false }],
  ["aws:rds/instance:Instance", { deletionProtection: true }, { deletionProtection: undefined }],
  ["aws:dynamodb/table:Table", { deletionProtectionEnabled: true }, { deletionProtectionEnabled: false }],
  ["aws:cognito/userPool:UserPool", { deletionProtection: "ACTIVE" }, { deletionProtection: "INACTIVE" }],
  ["aws:kms/key:Key", { deletionWindowInDays: 30 }, { deletionWindowInDays: 1 }],
] as const) {
  resourceCases(protectStateful, { type, compliant, violations: { "no protection": change } });
}
