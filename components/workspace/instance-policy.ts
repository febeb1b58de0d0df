import { arns, batchKeys, names, type StackSpec } from "../../config";
import { contextOf } from "../context-of";
import { foundationStack } from "../foundation";
import { batchBucketName, gatewayStack } from "../gateway/batch-policies";
import { useKey } from "../kit";
import { allow, document } from "../policy-document";

/** CloudWatch log group of one workspace's own logs. */
export function workspaceLogGroup(spec: StackSpec, developer: string): string {
  return names(spec.platform.organization).logGroup(spec.stack, `workspace/${developer}`);
}

/**
 * All that a workspace's instance may do, written out: Session Manager's channel, session logs, its own logs, its own virtual key, the
 * artifacts, and its own batches: it sends requests, which it cannot read back, and reads answers, which it cannot write. No `ssm:GetParameter`, no model, no other secret. Keys are named by alias, because ARNs of the same stack are not known in preview.
 */
export function planInstancePolicy(spec: StackSpec, developer: string): string {
  const { region, accountId } = spec;
  const known = names(spec.platform.organization);
  const arn = arns(spec);
  const foundation = foundationStack(spec);
  const bucket = (purpose: string) => arn.bucket(known.bucket(foundation, purpose, accountId, region));
  const sessionLogs = arn.logGroup(known.logGroup(foundation, "session-logs"));
  const department = spec.department?.name ?? spec.stack;
  const batches = arn.bucket(batchBucketName(spec));
  const answers = batchKeys.answersOf(department, developer);
  const ownLogs = arn.logGroup(workspaceLogGroup(spec, developer));
  return document(
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
    useKey(contextOf(spec), { stack: foundation, purpose: "sessions", actions: ["kms:Decrypt"] }),
    allow("FindLogGroups", { Action: "logs:DescribeLogGroups", Resource: "*" }),
    allow("WriteLogs", {
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: [`${sessionLogs}:*`, `${ownLogs}:*`],
    }),
    allow("StoreSessionLogs", { Action: "s3:PutObject", Resource: `${bucket("session-logs")}/*` }),
    allow("CheckSessionLogEncryption", {
      Action: "s3:GetEncryptionConfiguration",
      Resource: bucket("session-logs"),
    }),
    useKey(contextOf(spec), { stack: foundation, purpose: "logs", via: "s3" }),
    allow("OwnVirtualKey", {
      Action: "secretsmanager:GetSecretValue",
      Resource: arn.secret(known.virtualKey(department, developer)),
    }),
    useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
    allow("ReadArtifacts", { Action: "s3:GetObject", Resource: `${bucket("artifacts")}/workspace/*` }),
    useKey(contextOf(spec), { stack: foundation, purpose: "data", via: "s3", actions: ["kms:Decrypt"] }),
    allow("SendBatches", {
      Action: "s3:PutObject",
      Resource: `${batches}/${batchKeys.requestsOf(department, developer)}*`,
    }),
    allow("ReadAnswers", { Action: "s3:GetObject", Resource: `${batches}/${answers}*` }),
    allow("ListAnswers", {
      Action: "s3:ListBucket",
      Resource: batches,
      Condition: { StringLike: { "s3:prefix": `${answers}*` } },
    }),
    {
      ...useKey(contextOf(spec), { stack: gatewayStack(spec), purpose: "data", via: "s3" }),
      Sid: "UseBatchKeyThroughS3",
    },
  );
}
