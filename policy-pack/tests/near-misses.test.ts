import * as apigw from "../src/controls/apigateway";
import * as bedrock from "../src/controls/bedrock";
import * as cost from "../src/controls/cost";
import * as ecr from "../src/controls/ecr";
import * as ecs from "../src/controls/ecs";
import * as iam from "../src/controls/iam-policies";
import * as net from "../src/controls/net";
import * as rds from "../src/controls/rds";
import * as s3 from "../src/controls/s3";
import * as trail from "../src/controls/trail";
import * as waf from "../src/controls/waf";
import { albDeletionProtection } from "../src/controls/lb";
import { cognitoMfa } from "../src/controls/cognito";
import { elasticacheFailover } from "../src/controls/elasticache";
import { protectStateful } from "../src/controls/stack";
import { secretRotation } from "../src/controls/secrets";
import type { Policy } from "../src/frame/policy";
import { cases, resource, UNKNOWN, type Inputs } from "./support";

/** What looks like a violation and is none, for policies whose other cases hold no such thing. */
function near(policy: Policy, passes: Readonly<Record<string, Inputs>>): void {
  cases(policy, { type: policy.types[0] ?? "", passes });
}

describe("near misses of resources", () => {
  const on = (path: string) => ({
    "true as a program writes it": { [path]: true },
    "true as text": { [path]: "true" },
  });
  near(albDeletionProtection, on("enableDeletionProtection"));
  near(elasticacheFailover, on("automaticFailoverEnabled"));
  near(rds.rdsDeletionProtection, on("deletionProtection"));
  near(rds.rdsMinorUpgrade, on("autoMinorVersionUpgrade"));
  near(trail.trailMultiRegion, on("isMultiRegionTrail"));
  near(trail.trailValidation, on("enableLogFileValidation"));
  near(rds.rdsCopyTags, { ...on("copyTagsToSnapshot"), "a member of a cluster": { engine: "aurora-postgresql" } });
  near(rds.rdsEnhancedMonitoring, {
    "each second": { monitoringInterval: 1 },
    "as text": { monitoringInterval: "60" },
  });
  near(rds.rdsLogging, {
    "one log": { enabledCloudwatchLogsExports: ["postgresql"] },
    "a log that is not known": { enabledCloudwatchLogsExports: [UNKNOWN] },
  });
  near(cognitoMfa, {
    on: { mfaConfiguration: "ON" },
    "on beside a second factor by text": { mfaConfiguration: "ON", smsConfiguration: {} },
  });
  near(ecr.ecrScan, {
    on: { imageScanningConfiguration: { scanOnPush: true } },
    "as text": { imageScanningConfiguration: { scanOnPush: "true" } },
  });
  near(ecr.ecrImmutable, {
    immutable: { imageTagMutability: "IMMUTABLE" },
    "immutable, and deleted by force": { imageTagMutability: "IMMUTABLE", forceDelete: true },
  });
  near(s3.s3AclDisabled, {
    enforced: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    "enforced on an unknown bucket": { bucket: UNKNOWN, rule: { objectOwnership: "BucketOwnerEnforced" } },
  });
  near(trail.trailCloudwatch, {
    "a group": { cloudWatchLogsGroupArn: "arn:x" },
    "a group that is not known": { cloudWatchLogsGroupArn: UNKNOWN },
  });
  const records = (type: string): Inputs => ({
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: [type] },
    ],
  });
  near(trail.trailBedrockDataEvents, {
    "a type of Bedrock after another": {
      advancedEventSelectors: [records("AWS::S3::Object"), records("AWS::Bedrock::AgentAlias")],
    },
    "another type of Bedrock": { advancedEventSelectors: [records("AWS::Bedrock::InlineAgent")] },
  });
  near(bedrock.bedrockAgentGuardrail, {
    "a guardrail that is not known": { guardrailConfigurations: [UNKNOWN] },
    "an identifier that is not known": { guardrailConfigurations: [{ guardrailIdentifier: UNKNOWN }] },
  });
  const silent = Object.fromEntries(
    ["text", "image", "embedding", "video"].map((kind) => [`${kind}DataDeliveryEnabled`, false]),
  );
  near(bedrock.bedrockLoggingNoText, {
    "nothing delivered, to a log group": { loggingConfig: { ...silent, cloudwatchConfig: { logGroupName: "g" } } },
    "nothing delivered, as text": {
      loggingConfig: Object.fromEntries(Object.keys(silent).map((key) => [key, "false"])),
    },
  });
  near(bedrock.bedrockProfileTagged, {
    "a value that is not known": { tags: { Department: UNKNOWN } },
    "other tags beside it": { tags: { Department: "engineering", department: "" } },
  });
  near(cost.tagsCostAllocation, {
    "values that are not known": { tags: { Department: UNKNOWN, CostCenter: UNKNOWN } },
    "the provider's own tags": { tagsAll: { Department: "a", CostCenter: "b" } },
  });
  near(iam.iamNoBedrockApiKeys, {
    "a repository's password": { serviceName: "codecommit.amazonaws.com" },
    "of Keyspaces": { serviceName: "cassandra.amazonaws.com" },
  });
  near(net.netSgDescription, {
    "no rules": { description: "Workspaces" },
    "a description that only begins as the default": { description: "Managed by Pulumi for the gateway" },
  });
  near(protectStateful, { "its default": {}, "force refused": { forceDestroy: false } });
  near(waf.wafHasRules, { "rules as JSON": { ruleJson: "[]" }, "a rule that is not known": { rules: [UNKNOWN] } });
  near(ecs.ecsContainerInsights, {
    "insights after another setting": {
      settings: [
        { name: "x", value: "y" },
        { name: "containerInsights", value: "enabled" },
      ],
    },
    enhanced: { settings: [{ name: "containerInsights", value: "enhanced" }] },
  });
  const task = (container: Inputs, more: Inputs = {}): Inputs => ({
    ...more,
    containerDefinitions: [{ name: "a", ...container }],
  });
  near(ecs.ecsEfsTransit, {
    "a volume of another kind": { ...task({}), volumes: [{ name: "v" }] },
    "an encrypted one": { ...task({}), volumes: [{ efsVolumeConfiguration: { transitEncryption: "ENABLED" } }] },
  });
  near(ecs.ecsLogging, {
    "a driver that is not known": task({ logConfiguration: { logDriver: UNKNOWN } }),
    "another driver": task({ logConfiguration: { logDriver: "awsfirelens" } }),
  });
  near(ecs.ecsNoHostNamespace, {
    "a network of its own": task({}, { networkMode: "awsvpc" }),
    "the task's own": task({}, { pidMode: "task", ipcMode: "none" }),
  });
  near(ecs.ecsReadonlyRoot, {
    "as text": task({ readonlyRootFilesystem: "true" }),
    on: task({ readonlyRootFilesystem: true }),
  });
});

describe("near misses of stacks", () => {
  /** A companion passes by the name of its target, and by what the engine records. */
  const companions = (policy: Policy, companion: string, path: string, more: Inputs = {}): void => {
    const type = policy.types[0] ?? "";
    const target = resource(type, { name: "a", arn: "a" }, "a");
    const propertyDependencies = { [path]: [target.urn] };
    cases(policy, {
      passes: {
        "one that names it": [target, resource(companion, { [path]: "a", ...more }, "c")],
        "one known by dependency alone": [
          target,
          resource(companion, { [path]: UNKNOWN, ...more }, "c", { propertyDependencies }),
        ],
      },
      fails: { "one of another": [target, resource(companion, { [path]: "b", ...more }, "c")] },
    });
  };
  companions(ecr.ecrLifecycle, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository");
  companions(net.netVpcFlowLogs, "aws:ec2/flowLog:FlowLog", "vpcId");
  companions(secretRotation, "aws:secretsmanager/secretRotation:SecretRotation", "secretId");
  companions(waf.wafLogging, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "resourceArn");
  const logs = { settings: { loggingLevel: "INFO" } };
  companions(apigw.apigwExecutionLogging, "aws:apigateway/methodSettings:MethodSettings", "stageName", logs);
  const user = resource("aws:iam/user:User", {}, "u");
  cases(iam.iamNoConsoleUsers, {
    passes: {
      "a user without a password": [user],
      "a user's key": [user, resource("aws:iam/accessKey:AccessKey", {}, "k")],
    },
    fails: { "a password": [user, resource("aws:iam/userLoginProfile:UserLoginProfile", { user: "u" }, "p")] },
  });
  cases(iam.iamNoUsers, { type: "aws:iam/user:User", fails: { "a user": {} } });
  cases(iam.iamNoUsers, { type: "aws:iam/accessKey:AccessKey", fails: { "a key": {} } });
});
