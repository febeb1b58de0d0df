/** A caller of AWS with one role, or with several roles of one shape, and its actions. */
export interface Caller {
  /** The role's purpose, e.g. `gateway-task`. `*` matches a part of it. */
  readonly name: string;
  /**
   * `network`: requests pass the network's endpoints. `outside`: the caller, or an AWS service with
   * its role, runs outside every VPC.
   */
  readonly place: "network" | "outside";
  /** Permission boundary of its roles; absent: the caller needs no permission. */
  readonly boundary?: "workload" | "gateway" | "bedrock-batch";
  /** As IAM names them, sorted. */
  readonly actions: readonly string[];
}

const pullImage = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const signInToRegistry = "ecr:GetAuthorizationToken";
const writeLogs = ["logs:CreateLogStream", "logs:PutLogEvents"];
const agent = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];
const startContainer = [...pullImage, signInToRegistry, "kms:Decrypt", ...writeLogs, "secretsmanager:GetSecretValue"];

const inside = (name: string, ...actions: readonly string[]): Caller => ({
  name,
  place: "network",
  boundary: "workload",
  actions,
});
const outside = (name: string, ...actions: readonly string[]): Caller => ({
  name,
  place: "outside",
  boundary: "workload",
  actions,
});

/** Lambda's use of every function's role: it writes the log and the queue of failed runs. */
export const everyFunction = outside(
  "every function",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  ...writeLogs,
  "sqs:SendMessage",
);

/** Lambda's additional use of the role of a function inside a network. */
export const everyFunctionInside = outside(
  "every function inside a network",
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
);

/**
 * All callers other than functions and workspaces: tasks, instances, and AWS services with a role
 * of a stack.
 */
export const workloads: readonly Caller[] = [
  everyFunction,
  everyFunctionInside,
  // Every SDK may call GetCallerIdentity; AWS requires no permission.
  { name: "every AWS SDK", place: "network", actions: ["sts:GetCallerIdentity"] },
  {
    name: "gateway-task",
    place: "network",
    boundary: "gateway",
    actions: [
      "bedrock:ApplyGuardrail",
      "bedrock:InvokeModel",
      "bedrock:InvokeModelWithResponseStream",
      "kms:Decrypt",
      "rds-db:connect",
      "s3:GetObject",
    ],
  },
  inside("*-execution", ...startContainer),
  inside(
    "langfuse*-task",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
  ),
  inside("collector-task"),
  inside("clickhouse", ...startContainer, "cloudwatch:PutMetricData"),
  inside("langfuse-access", ...agent, "kms:Decrypt", "secretsmanager:GetSecretValue"),
  outside("*-schedule", "kms:Decrypt", "lambda:InvokeFunction"),
  outside(
    "artifact-builder",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    signInToRegistry,
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    ...writeLogs,
    "s3:PutObject",
  ),
  outside("audit-trail", ...writeLogs),
  outside("event-forward", "events:PutEvents"),
  outside(
    "flow-logs",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
  ),
  outside("model-invocations", ...writeLogs),
  outside(
    "snapshots",
    "ec2:CreateSnapshot",
    "ec2:CreateTags",
    "ec2:DeleteSnapshot",
    "ec2:DescribeInstances",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "kms:Decrypt",
    "kms:GenerateDataKey",
  ),
  {
    name: "bedrock-batch",
    place: "outside",
    boundary: "bedrock-batch",
    actions: [
      "bedrock:InvokeModel",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ],
  },
];
