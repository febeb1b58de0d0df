import { arns, modelArns, modelTiers, type StackSpec } from "../../config";
import { allow, deny, document, type Conditions, type Statement } from "../policy-document";
import { withMfa } from "./human-trust";

/**
 * What workloads do, all of them together. A role's own policy says which of it is its; tests/security/boundaries.test.ts shows that every
 * workload finds what it needs here and that nothing stands here that none needs.
 */
const workload = [
  "acm:AddTagsToCertificate",
  "acm:DeleteCertificate",
  "acm:DescribeCertificate",
  "acm:GetCertificate",
  "acm:ImportCertificate",
  "acm:ListCertificates",
  "bedrock:GetModelInvocationJob",
  "bedrock:ListModelInvocationJobs",
  "bedrock:StopModelInvocationJob",
  "budgets:ViewBudget",
  "cloudwatch:GetMetricData",
  "cloudwatch:PutMetricData",
  "codebuild:BatchGetBuilds",
  "codebuild:StartBuild",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:CreateSnapshot",
  "ec2:CreateTags",
  "ec2:DeleteNetworkInterface",
  "ec2:DeleteSnapshot",
  "ec2:DescribeInstances",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSnapshots",
  "ec2:DescribeSubnets",
  "ec2:DescribeVolumes",
  "ec2:StartInstances",
  "ec2:StopInstances",
  "ec2:UnassignPrivateIpAddresses",
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
  "ecs:DeregisterTaskDefinition",
  "ecs:DescribeTaskDefinition",
  "ecs:DescribeTasks",
  "ecs:RegisterTaskDefinition",
  "ecs:RunTask",
  "ecs:StopTask",
  "ecs:UpdateService",
  "events:PutEvents",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:GetPublicKey",
  "kms:Sign",
  "lambda:InvokeFunction",
  "logs:CreateLogStream",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:PutLogEvents",
  "rds-db:connect",
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetEncryptionConfiguration",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetSecretValue",
  "secretsmanager:ListSecrets",
  "secretsmanager:PutSecretValue",
  "secretsmanager:RotateSecret",
  "secretsmanager:UpdateSecretVersionStage",
  "sqs:SendMessage",
  "ssm:DescribeSessions",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** A role of any stack by its purpose, but no workspace's: a developer may be called like a workload. */
function workloadRole(spec: StackSpec, purpose: string): Conditions {
  const role = (name: string) => arns(spec).role(`${spec.platform.organization}-${name}`);
  return { ArnLike: { "aws:PrincipalArn": role(`*-${purpose}`) }, ArnNotLike: { "aws:PrincipalArn": role("ws-*") } };
}

function workloadStatements(spec: StackSpec): readonly Statement[] {
  const { platform } = spec;
  return [
    allow("OwnAccount", {
      Action: [...workload, ...(platform.billing?.accountId === spec.accountId ? ["ce:GetCostAndUsage"] : [])],
      Resource: "*",
      Condition: { StringEqualsIfExists: { "aws:ResourceAccount": spec.accountId } },
    }),
    allow("RunTasks", {
      Action: "iam:PassRole",
      Resource: arns(spec).role(`${platform.organization}-*`),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    }),
    allow("StopBudgets", {
      Action: ["iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PutRolePolicy"],
      Resource: ["gateway-task", "batch-runner"].map((purpose) =>
        arns(spec).role(`${platform.organization}-*-${purpose}`),
      ),
      Condition: workloadRole(spec, "budget-stop"),
    }),
    allow("StartBatches", {
      Action: ["bedrock:CreateModelInvocationJob", "bedrock:TagResource"],
      Resource: [arns(spec).regional("bedrock", "model-invocation-job/*"), "arn:aws:bedrock:*::foundation-model/*"],
      Condition: workloadRole(spec, "batch-runner"),
    }),
    allow("GiveBatchItsRole", {
      Action: "iam:PassRole",
      Resource: arns(spec).role(`${platform.organization}-*-bedrock-batch`),
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    }),
    // AWS says of every request from an instance's credentials in which VPC the instance is; from elsewhere they are stolen.
    deny("InstanceCredentialsStayHome", {
      Action: "*",
      Resource: "*",
      Condition: {
        Null: { "aws:Ec2InstanceSourceVpc": "false" },
        StringNotEquals: { "aws:SourceVpc": "${aws:Ec2InstanceSourceVpc}" },
        BoolIfExists: { "aws:ViaAWSService": "false" },
      },
    }),
  ];
}

/**
 * The most that any workload's role can do, whatever its own policy comes to say: the actions above on this account's resources, no model, and
 * an instance's credentials from inside its own network only.
 */
export function planWorkloadBoundary(spec: StackSpec): string {
  return document(...workloadStatements(spec));
}

/** The same with models, for the gateway's tasks alone: the catalogue's, through this organization's profiles, from inside a network. */
export function planGatewayBoundary(spec: StackSpec): string {
  const { region, accountId, platform } = spec;
  const models = modelTiers.flatMap((tier) => modelArns({ ...platform, region, accountId }, tier).foundationModels);
  const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  const inside = { StringLike: { "aws:SourceVpc": "vpc-*" } };
  return document(
    ...workloadStatements(spec),
    allow("Profiles", {
      Action: invoke,
      Resource: arns(spec).regional("bedrock", "application-inference-profile/*"),
      Condition: { ...inside, StringEquals: { "aws:ResourceTag/Organization": platform.organization } },
    }),
    allow("Models", { Action: invoke, Resource: [...new Set(models)], Condition: inside }),
  );
}

/**
 * The most that the role can do which Bedrock takes up for batch jobs: files of batches, and the catalogue's models through the residency's own
 * profiles. Bedrock works from its own network, so no network can be asked for; the role's trust admits Bedrock's batch jobs alone.
 */
export function planBatchBoundary(spec: StackSpec): string {
  const { region, accountId, platform } = spec;
  const models = modelTiers.map((tier) => modelArns({ ...platform, region, accountId }, tier));
  const profiles = [...new Set(models.map(({ inferenceProfile }) => inferenceProfile))];
  return document(
    allow("Files", {
      Action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
      // The purpose stands in the middle of a bucket's name, which may be shortened before it.
      Resource: arns(spec).bucket(`${platform.organization}-*`),
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    }),
    allow("Keys", {
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: arns(spec).regional("kms", "key/*"),
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    }),
    allow("Profiles", { Action: "bedrock:InvokeModel", Resource: profiles }),
    allow("Models", {
      Action: "bedrock:InvokeModel",
      Resource: [...new Set(models.flatMap(({ foundationModels }) => foundationModels))],
      Condition: { ArnEquals: { "bedrock:InferenceProfileArn": profiles } },
    }),
  );
}

/** What people do, in all roles together; no shell but Session Manager's, no secret's value, no model, no change of rights. */
const people = [
  "access-analyzer:List*",
  "application-autoscaling:Describe*",
  "bedrock:GetModelInvocationLoggingConfiguration",
  "bedrock:ListInferenceProfiles",
  "budgets:ViewBudget",
  "ce:Get*",
  "cloudtrail:Describe*",
  "cloudtrail:Get*",
  "cloudtrail:LookupEvents",
  "cloudwatch:Describe*",
  "cloudwatch:Get*",
  "cloudwatch:List*",
  "config:Describe*",
  "config:GetComplianceDetailsByConfigRule",
  "ec2:Describe*",
  "ec2:StartInstances",
  "ec2:StopInstances",
  "ecr:Describe*",
  "ecs:Describe*",
  "ecs:List*",
  "ecs:UpdateService",
  "elasticache:Describe*",
  "elasticloadbalancing:Describe*",
  "events:DescribeRule",
  "events:ListRules",
  "guardduty:GetFindings",
  "guardduty:List*",
  "iam:GenerateCredentialReport",
  "iam:Get*",
  "iam:List*",
  "iam:SimulatePrincipalPolicy",
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:GenerateDataKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:List*",
  "lambda:GetFunctionConfiguration",
  "lambda:GetPolicy",
  "lambda:InvokeFunction",
  "lambda:ListFunctions",
  "logs:Describe*",
  "logs:FilterLogEvents",
  "logs:GetLogEvents",
  "logs:GetQueryResults",
  "logs:StartQuery",
  "logs:StopQuery",
  "rds:Describe*",
  "route53resolver:ListFirewallRules",
  "s3:GetBucket*",
  "s3:GetEncryptionConfiguration",
  "s3:GetObject",
  "s3:ListAllMyBuckets",
  "s3:ListBucket",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetResourcePolicy",
  "secretsmanager:ListSecrets",
  "securityhub:GetFindings",
  "servicequotas:Get*",
  "servicequotas:List*",
  "sns:ListTopics",
  "sqs:ListQueues",
  "ssm:Describe*",
  "ssm:GetConnectionStatus",
  "ssm:GetDocument",
  "ssm:ListDocuments",
  "ssm:ResumeSession",
  "ssm:TerminateSession",
  "ssmmessages:OpenDataChannel",
  "tag:GetResources",
];

/**
 * The most that any person's role can do: the actions above on this account's resources, sessions under a name of their own through documents
 * that were named, and the deployer's place for whoever broke the glass.
 */
export function planHumanBoundary(spec: StackSpec): string {
  const { organization, mfaMode } = spec.platform;
  const role = (name: string) => arns(spec).role(`${organization}-${name}`);
  const most = [
    allow("OwnAccount", {
      Action: people,
      Resource: "*",
      Condition: { StringEqualsIfExists: { "aws:ResourceAccount": spec.accountId } },
    }),
    allow("SessionsThroughNamedDocuments", {
      Action: "ssm:StartSession",
      Resource: [arns(spec).regional("ec2", "instance/*"), arns(spec).document(`${organization}-*`)],
      Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    }),
    allow("DeployByHand", {
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      Resource: role("deployer"),
      Condition: { ArnEquals: { "aws:PrincipalArn": role("break-glass") } },
    }),
  ];
  // Where people act as IAM users, their own requests say whether they used MFA; a role's never do.
  return document(...(mfaMode === "iam-user" ? withMfa(most) : most));
}
