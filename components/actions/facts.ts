/** Endpoint services of an IAM prefix, where they differ from the prefix. */
const endpointServices: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ["monitoring"],
  ecr: ["ecr.api", "ecr.dkr"],
};

/** What an invocation is allowed by. */
export const invokeActions: readonly string[] = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/** What AWS checks for a call of a model with a guardrail, beside the invocation. */
export const guardrailAction = "bedrock:ApplyGuardrail";

/** Invocations use the runtime endpoint; all other Bedrock actions use the control plane's. */
const runtime = [...invokeActions, guardrailAction];

/**
 * Endpoint services through which a caller inside a network reaches an action, e.g.
 * `bedrock-runtime`.
 */
export function endpointsOf(action: string): readonly string[] {
  const prefix = action.split(":")[0] ?? "";
  return runtime.includes(action) ? ["bedrock-runtime"] : (endpointServices[prefix] ?? [prefix]);
}

/**
 * Actions whose resource belongs to no account, or to AWS: an endpoint's policy cannot compare the
 * resource's account. All other actions are allowed on this account's resources only.
 */
export const withoutOwner: readonly string[] = [
  // The model of a batch belongs to AWS.
  "bedrock:CreateModelInvocationJob",
  "bedrock:ListModelInvocationJobs",
  "cloudwatch:GetMetricData",
  "cloudwatch:PutMetricData",
  "ec2:DescribeInstances",
  "ecr:GetAuthorizationToken",
  "ecs:DeregisterTaskDefinition",
  "ecs:DescribeTaskDefinition",
  "logs:DescribeLogGroups",
  "secretsmanager:ListSecrets",
  "ssm:UpdateInstanceInformation",
  "ssm:DescribeSessions",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "sts:GetCallerIdentity",
];

/**
 * Actions that AWS checks when a service acts for a caller. The caller sends no such request, so no
 * endpoint is needed.
 */
export const checkedByAws: readonly string[] = [
  "iam:PassRole",
  "kms:CreateGrant",
  // Secrets Manager asks it of the caller of RotateSecret, and invokes the function itself.
  "lambda:InvokeFunction",
  "rds-db:connect",
];

/**
 * Actions with a condition of their own in the workload boundary (boundaries.ts), with that
 * condition in words.
 */
export const conditions: Readonly<Record<string, string>> = {
  "bedrock:ApplyGuardrail": "the gateway's tasks, on the guardrails of the platform's file",
  "bedrock:CreateModelInvocationJob": "the batch runner's role",
  "bedrock:InvokeModel": "the gateway's tasks and Bedrock's batch role, on the catalogue's models",
  "bedrock:InvokeModelWithResponseStream": "the gateway's tasks, on the catalogue's models",
  "bedrock:TagResource": "the batch runner's role",
  "ce:GetCostAndUsage": "in the account that pays the bill",
  "iam:DeleteRolePolicy": "the budget stop's role, on the gateway's tasks and the batch runner",
  "iam:GetRolePolicy": "the budget stop's role, on the gateway's tasks and the batch runner",
  "iam:PassRole": "to ECS tasks, and the batch role to Bedrock",
  "iam:PutRolePolicy": "the budget stop's role, on the gateway's tasks and the batch runner",
};
