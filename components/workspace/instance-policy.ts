import { batchKeys } from "../../config";
import { useKey, type StackContext } from "../kit";
import { allow, type Statement } from "../policy-document";
import { workspaceNamespace } from "./user-data";

/** Batches of a workspace: the gateway's bucket, and the stack of its key. */
export interface WorkspaceBatches {
  readonly bucketName: string;
  readonly gateway: StackContext;
}

/** Input of {@link planInstanceStatements}. */
export interface InstancePolicyPlan {
  /** The department's stack. */
  readonly context: StackContext;
  /** Id of the developer. */
  readonly developer: string;
  /** The stack with the session log group and bucket, the session key and the artifacts. */
  readonly foundation: StackContext;
  readonly batches: WorkspaceBatches;
}

/** CloudWatch log group of one workspace's own logs. */
export const workspaceLogGroup = (context: StackContext, developer: string): string =>
  context.names.logGroup(`workspace/${developer}`);

/**
 * Permissions of a workspace's instance: Session Manager's channel, session logs, its own logs, its
 * own virtual key, its ready metric, the artifacts and its own batches. No `ssm:GetParameter`, no model, no other
 * secret.
 */
export function planInstanceStatements({
  context,
  developer,
  foundation,
  batches,
}: InstancePolicyPlan): readonly Statement[] {
  const { arns, names } = context;
  const bucket = (purpose: string) => arns.bucket(foundation.names.bucket(purpose));
  const sessionLogs = arns.logGroup(foundation.names.logGroup("session-logs"));
  const ownLogs = arns.logGroup(workspaceLogGroup(context, developer));
  const of = foundation.stack;
  return [
    allow("SessionManagerAgent", {
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    }),
    useKey(context, { stack: of, purpose: "sessions", actions: ["kms:Decrypt"] }),
    allow("FindLogGroups", { Action: "logs:DescribeLogGroups", Resource: "*" }),
    allow("WriteLogs", {
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: [`${sessionLogs}:*`, `${ownLogs}:*`],
    }),
    allow("SayReady", {
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": workspaceNamespace } },
    }),
    allow("StoreSessionLogs", { Action: "s3:PutObject", Resource: `${bucket("session-logs")}/*` }),
    allow("CheckSessionLogEncryption", {
      Action: "s3:GetEncryptionConfiguration",
      Resource: bucket("session-logs"),
    }),
    useKey(context, { stack: of, purpose: "logs", via: "s3" }),
    allow("OwnVirtualKey", {
      Action: "secretsmanager:GetSecretValue",
      Resource: arns.secret(names.virtualKey(developer)),
    }),
    useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
    allow("ReadArtifacts", { Action: "s3:GetObject", Resource: `${bucket("artifacts")}/workspace/*` }),
    useKey(context, { stack: of, purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    // The set-up, which the department's own stack stores; the foundation's key is the same where they are one stack.
    ...(of === context.stack
      ? []
      : [
          {
            ...useKey(context, { purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
            Sid: "ReadSetUpThroughS3",
          },
        ]),
    ...batchStatements(context, developer, batches),
  ];
}

/** A workspace writes requests, which it cannot read, and reads answers, which it cannot write. */
function batchStatements(context: StackContext, developer: string, { bucketName, gateway }: WorkspaceBatches) {
  const bucket = context.arns.bucket(bucketName);
  const answers = batchKeys.answersOf(context.stack, developer);
  return [
    allow("SendBatches", {
      Action: "s3:PutObject",
      Resource: `${bucket}/${batchKeys.requestsOf(context.stack, developer)}*`,
    }),
    allow("ReadAnswers", { Action: "s3:GetObject", Resource: `${bucket}/${answers}*` }),
    allow("ListAnswers", {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": `${answers}*` } },
    }),
    {
      ...useKey(context, { stack: gateway.stack, purpose: "data", via: "s3" }),
      Sid: "UseBatchKeyThroughS3",
    },
  ];
}
