import { arns, type StackSpec } from "../../spec";
import { allow, deny, document } from "../policy-document";

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
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
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
  "s3:DeleteObject",
  "s3:GetEncryptionConfiguration",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
  "secretsmanager:DescribeSecret",
  "secretsmanager:GetSecretValue",
  "secretsmanager:PutSecretValue",
  "secretsmanager:UpdateSecretVersionStage",
  "sns:Publish",
  "sqs:SendMessage",
  "ssm:DescribeSessions",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** Role ARN patterns of an organization. */
function rolePatterns(spec: StackSpec) {
  const role = (name: string) => arns(spec).role(`${spec.platform.organization}-${name}`);
  return {
    gateway: role("*-gateway-task"),
    batch: role("*-batch"),
    budgetStop: role("*-budget-stop"),
    workspaces: role("ws-*"),
  };
}

/**
 * The most that any workload's role can do, whatever its own policy comes to say: the actions above on this account's resources, models for the
 * gateway and batch jobs only, and a workspace's or host's credentials from inside its own network only.
 */
export function planWorkloadBoundary(spec: StackSpec): string {
  const roles = rolePatterns(spec);
  // A developer may be called like a part of the gateway.
  const notWorkspaces = { "aws:PrincipalArn": roles.workspaces };
  return document(
    allow("OwnAccount", {
      Action: workload,
      Resource: "*",
      Condition: { StringEqualsIfExists: { "aws:ResourceAccount": spec.accountId } },
    }),
    allow("ModelsForGatewayAndBatch", {
      Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      Resource: "*",
      Condition: { ArnLike: { "aws:PrincipalArn": [roles.gateway, roles.batch] }, ArnNotLike: notWorkspaces },
    }),
    allow("StopBudgets", {
      Action: ["iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PutRolePolicy"],
      Resource: roles.gateway,
      Condition: { ArnLike: { "aws:PrincipalArn": roles.budgetStop }, ArnNotLike: notWorkspaces },
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
  const { organization } = spec.platform;
  const role = (name: string) => arns(spec).role(`${organization}-${name}`);
  return document(
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
  );
}
