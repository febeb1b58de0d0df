import { operatorsAlias } from "../../config";
import { useKey, type StackContext } from "../kit";
import { allow, deny, type Statement } from "../policy-document";
import type { MfaSettings } from "./human-trust";
import { langfuseSessions, startAndStop } from "./workspace-statements";

/** Reads resources' settings and health, but no content. Most of these calls take no resource. */
const look = [
  "application-autoscaling:Describe*",
  "budgets:ViewBudget",
  "ce:GetAnomalies",
  "ce:GetCost*",
  "cloudtrail:DescribeTrails",
  "cloudtrail:GetEventSelectors",
  "cloudtrail:GetTrailStatus",
  "cloudtrail:LookupEvents",
  "cloudwatch:DescribeAlarm*",
  "cloudwatch:GetDashboard",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListDashboards",
  "cloudwatch:ListMetrics",
  "ec2:Describe*",
  "ecr:Describe*",
  "ecs:Describe*",
  "ecs:List*",
  "elasticache:DescribeCacheEngineVersions",
  "elasticache:DescribeReplicationGroups",
  "elasticloadbalancing:Describe*",
  "events:DescribeRule",
  "events:ListRules",
  "lambda:GetFunctionConfiguration",
  "lambda:ListFunctions",
  "logs:Describe*",
  "logs:GetQueryResults",
  "logs:StopQuery",
  "rds:Describe*",
  "s3:ListAllMyBuckets",
  "secretsmanager:ListSecrets",
  "servicequotas:Get*",
  "servicequotas:List*",
  "sns:ListTopics",
  "sqs:ListQueues",
  "ssm:DescribeInstanceInformation",
  "ssm:DescribeSessions",
  "tag:GetResources",
];

const readLogs = ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"];

/**
 * Buckets with these purposes: the foundation's by name, which may be shortened, and those of
 * stand-alone departments.
 */
function bucketsFor(context: StackContext, purposes: readonly string[]): string[] {
  return purposes.flatMap((purpose) =>
    [context, context.of("*")].flatMap(({ arns, names }) => {
      const bucket = arns.bucket(names.bucket(purpose));
      return [bucket, `${bucket}/*`];
    }),
  );
}

/**
 * Daily operations of the infrastructure team: read state, cost and logs, start and stop
 * workspaces, end sessions, roll services, and act for any department's lead. Only the protected
 * workflow deploys; only the auditors read shell logs.
 */
export function planOperatorPolicy(context: StackContext, mfa: Pick<MfaSettings, "mfaMode">): readonly Statement[] {
  const { arns, organization } = context;
  const ours = arns.logGroup(`/cline/${organization}/*`);
  return [
    allow("See", { Action: look, Resource: "*" }),
    allow("ReadLogs", { Action: readLogs, Resource: [ours, arns.logGroup(`/aws/rds/cluster/${organization}-*`)] }),
    deny("NotWhatPeopleType", {
      Action: readLogs,
      Resource: arns.logGroup(`/cline/${organization}/*/session-logs:*`),
    }),
    ...startAndStop(context, { Organization: organization }, "*"),
    allow("EndSessions", { Action: "ssm:TerminateSession", Resource: arns.regional("ssm", "session/*") }),
    allow("RollServices", {
      Action: "ecs:UpdateService",
      Resource: arns.regional("ecs", "service/*"),
      Condition: { StringEquals: { "aws:ResourceTag/Organization": organization } },
    }),
    allow("AdministerKeys", {
      Action: "lambda:InvokeFunction",
      Resource: `${arns.lambda(context.of("*").names.lambda("key-admin"))}:${operatorsAlias}`,
    }),
    allow("ReadReports", {
      Action: ["s3:GetObject", "s3:ListBucket"],
      Resource: bucketsFor(context, ["access-logs", "reports"]),
    }),
    useKey(context, { stack: "*", purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    ...langfuseSessions(context, mfa),
  ];
}

/**
 * Permissions of the security team: it reads settings, policies, every log and all evidence, and
 * changes nothing.
 */
export function planAuditorPolicy(context: StackContext): readonly Statement[] {
  const { arns, organization } = context;
  return [
    allow("See", { Action: look, Resource: "*" }),
    allow("ReadSettings", {
      Action: [
        "access-analyzer:ListAnalyzers",
        "access-analyzer:ListFindings",
        "bedrock:GetFoundationModelAvailability",
        "bedrock:GetInferenceProfile",
        "bedrock:GetModelInvocationLoggingConfiguration",
        "bedrock:ListInferenceProfiles",
        "ce:ListCostAllocationTags",
        "config:DescribeConfigRules",
        "config:GetComplianceDetailsByConfigRule",
        "guardduty:GetFindings",
        "guardduty:ListDetectors",
        "guardduty:ListFindings",
        "iam:GenerateCredentialReport",
        "iam:Get*",
        "iam:List*",
        "iam:SimulatePrincipalPolicy",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
        "kms:ListKeys",
        "lambda:GetPolicy",
        "route53resolver:ListFirewallRules",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "securityhub:GetFindings",
        "ssm:DescribeDocument",
        "ssm:GetDocument",
        "ssm:ListDocuments",
      ],
      Resource: "*",
    }),
    allow("ReadLogs", {
      Action: readLogs,
      Resource: [arns.logGroup(`/cline/${organization}/*`), arns.logGroup(`/aws/rds/cluster/${organization}-*`)],
    }),
    allow("ReadEvidence", {
      Action: ["s3:GetObject", "s3:ListBucket"],
      Resource: bucketsFor(context, ["access-logs", "audit-trail", "reports", "session-logs"]),
    }),
    useKey(context, { stack: "*", purpose: "logs", via: "s3", actions: ["kms:Decrypt"] }),
    useKey(context, { stack: "*", purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
  ];
}
