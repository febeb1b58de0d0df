/** Actions that AWS asks for with another one, or that a program's documentation names. */
interface Documented {
  readonly actions: readonly string[];
  /** Title of the page. */
  readonly source: string;
}

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const writeLogs = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** What AWS checks besides the action that is called. */
const implied: Readonly<Record<string, Documented>> = {
  "acm:ImportCertificate": {
    actions: ["acm:AddTagsToCertificate"],
    source: "AWS Certificate Manager: tag-on-create with ImportCertificate",
  },
  "bedrock:CreateModelInvocationJob": {
    actions: ["bedrock:TagResource", "iam:PassRole"],
    source: "Amazon Bedrock User Guide: Create a custom service role for batch inference",
  },
  "ec2:StartInstances": {
    actions: ["kms:CreateGrant"],
    source: "Amazon EBS User Guide: Requirements for Amazon EBS encryption",
  },
  "ecs:RunTask": { actions: ["iam:PassRole"], source: "Amazon ECS Developer Guide: Amazon ECS task IAM role" },
  "ecs:RegisterTaskDefinition": {
    actions: ["iam:PassRole"],
    source: "Amazon ECS Developer Guide: Amazon ECS task IAM role",
  },
  "s3:GetObject": {
    actions: ["kms:Decrypt"],
    source: "Amazon S3 User Guide: Using server-side encryption with AWS KMS keys",
  },
  "s3:PutObject": {
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    source:
      "Amazon S3 User Guide: Using server-side encryption with AWS KMS keys (uploads in parts read what they wrote)",
  },
  "secretsmanager:GetSecretValue": {
    actions: ["kms:Decrypt"],
    source: "AWS Secrets Manager User Guide: Secret encryption and decryption",
  },
  "secretsmanager:PutSecretValue": {
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    source: "AWS Secrets Manager User Guide: Secret encryption and decryption",
  },
  "secretsmanager:RotateSecret": {
    actions: ["lambda:InvokeFunction"],
    source: "AWS Secrets Manager API Reference: RotateSecret",
  },
};

/** Adds what AWS asks for with these actions. `code` decides where it depends on what the caller does with an answer. */
export function impliedBy(actions: readonly string[], code: string): ReadonlySet<string> {
  const found = new Set(actions);
  for (const action of actions) for (const more of implied[action]?.actions ?? []) found.add(more);
  // Amazon S3 API Reference, GetObject: without s3:ListBucket a missing object is AccessDenied, not NoSuchKey.
  if (found.has("s3:GetObject") && /[!=]==?"NoSuchKey"/.test(code)) found.add("s3:ListBucket");
  return found;
}

/** Programs of others, by what starts them in a script, a unit or an image. */
export const programs: Readonly<Record<string, Documented>> = {
  "SSM agent": {
    actions: [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    source: "AWS Systems Manager User Guide: Add Session Manager permissions to an existing IAM role",
  },
  "SSM agent, session logs and encryption": {
    actions: [
      "kms:Decrypt",
      "kms:GenerateDataKey",
      ...writeLogs,
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "s3:GetEncryptionConfiguration",
      "s3:PutObject",
    ],
    source:
      "AWS Systems Manager User Guide: Create an IAM role with permissions for Session Manager and Amazon S3 and CloudWatch Logs",
  },
  "CloudWatch agent": {
    actions: [...writeLogs, "logs:DescribeLogStreams"],
    source: "Amazon CloudWatch User Guide: CloudWatchAgentServerPolicy, for logs",
  },
  "ECS agent": {
    actions: [...pull, "ecr:GetAuthorizationToken", ...writeLogs, "secretsmanager:GetSecretValue", "kms:Decrypt"],
    source: "Amazon ECS Developer Guide: Amazon ECS task execution IAM role",
  },
  "docker pull": { actions: pull, source: "Amazon ECR User Guide: Pulling an image to your local environment" },
  "docker push": {
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    source: "Amazon ECR User Guide: IAM permissions for pushing an image",
  },
  "docker awslogs": { actions: writeLogs, source: "Docker: Amazon CloudWatch Logs logging driver" },
  CodeBuild: {
    actions: writeLogs,
    source: "AWS CodeBuild User Guide: Allow CodeBuild to interact with other AWS services",
  },
  LiteLLM: {
    actions: [
      "bedrock:ApplyGuardrail",
      "bedrock:InvokeModel",
      "bedrock:InvokeModelWithResponseStream",
      "rds-db:connect",
    ],
    source:
      "Amazon Bedrock API Reference: Converse, ConverseStream; Amazon Bedrock User Guide: Set up permissions to use Guardrails; Amazon Aurora User Guide: IAM database access",
  },
  Langfuse: {
    actions: [
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ],
    source: "Langfuse, self-hosting: S3 / blob storage",
  },
};

/** What an AWS service does with a role of ours, by the service of its trust policy and the role's purpose. */
export const services: Readonly<Record<string, Documented>> = {
  "bedrock.amazonaws.com bedrock-batch": {
    actions: [
      "bedrock:InvokeModel",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ],
    source: "Amazon Bedrock User Guide: Create a custom service role for batch inference",
  },
  "bedrock.amazonaws.com model-invocations": {
    actions: writeLogs,
    source: "Amazon Bedrock User Guide: Monitor model invocation using CloudWatch Logs and Amazon S3",
  },
  "cloudtrail.amazonaws.com audit-trail": {
    actions: writeLogs,
    source: "AWS CloudTrail User Guide: Role policy document for CloudTrail to use CloudWatch Logs for monitoring",
  },
  "dlm.amazonaws.com snapshots": {
    actions: [
      "ec2:CreateSnapshot",
      "ec2:CreateTags",
      "ec2:DeleteSnapshot",
      "ec2:DescribeInstances",
      "ec2:DescribeSnapshots",
      "ec2:DescribeVolumes",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ],
    source: "Amazon EBS User Guide: AWSDataLifecycleManagerServiceRole",
  },
  "events.amazonaws.com event-forward": {
    actions: ["events:PutEvents"],
    source: "Amazon EventBridge User Guide: Sending and receiving events between AWS Regions",
  },
  "scheduler.amazonaws.com *-schedule": {
    actions: ["kms:Decrypt", "lambda:InvokeFunction"],
    source: "Amazon EventBridge Scheduler User Guide: Encryption at rest; Setting up: execution role",
  },
  "vpc-flow-logs.amazonaws.com flow-logs": {
    actions: [...writeLogs, "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
    source: "Amazon VPC User Guide: IAM role for publishing flow logs to CloudWatch Logs",
  },
};

/** What Lambda itself does with a function's role. */
export const lambdaService = {
  always: {
    actions: [...writeLogs, "sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"],
    source:
      "AWS Lambda Developer Guide: Sending logs to CloudWatch Logs; Adding a dead-letter queue; Amazon SQS Developer Guide: Key management",
  },
  inVpc: {
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ],
    source: "AWS Lambda Developer Guide: Giving Lambda functions access to resources in an Amazon VPC",
  },
} as const satisfies Readonly<Record<string, Documented>>;
