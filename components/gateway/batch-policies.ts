import { batchBucketPurpose, batchKeys, stateKeys, type StackSpec } from "../../config";
import { useKey, type StackContext } from "../kit";
import { allow, type Conditions, type Statement } from "../policy-document";
import { chosenModels, type TierChoice } from "./models";
import { gatewayBucketPurpose, secretPurposes } from "./task-policies";

/** Purpose of the function that runs batches; also of its role. */
export const batchRunnerPurpose = "batch-runner";

/** Purpose of the role that Bedrock assumes for a batch. */
export const batchRolePurpose = "bedrock-batch";

const bucketOf = ({ arns, names }: StackContext, purpose: string): string => arns.bucket(names.bucket(purpose));

const jobsOf = ({ arns }: StackContext): string => arns.regional("bedrock", "model-invocation-job/*");

/** The stack whose gateway a stack uses: its own, or the platform's. */
export const gatewayStack = (spec: StackSpec): string => (spec.gateway ? spec.stack : spec.platform.stack);

/** Name of the batch bucket of this gateway's stack. */
export const batchBucketName = ({ names }: StackContext): string => names.bucket(batchBucketPurpose);

/** ARN of the role that Bedrock assumes for this gateway's batches. */
export const batchRoleArn = ({ arns, names }: StackContext): string => arns.role(names.role(batchRolePurpose));

/** What Bedrock does for a batch: read its input, write its output, invoke the chosen models through the residency's profiles. */
export function batchRoleStatements(context: StackContext, models: TierChoice): readonly (Statement | undefined)[] {
  const bucket = bucketOf(context, batchBucketPurpose);
  const { profiles, regional, unregional } = chosenModels(context, models);
  const throughProfile: Conditions = { ArnEquals: { "bedrock:InferenceProfileArn": profiles } };
  return [
    allow("ReadInput", { Action: "s3:GetObject", Resource: `${bucket}/${batchKeys.jobs}*/input.jsonl` }),
    allow("WriteOutput", { Action: "s3:PutObject", Resource: `${bucket}/${batchKeys.jobs}*/output/*` }),
    allow("FindInput", {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": `${batchKeys.jobs}*` } },
    }),
    useKey(context, { purpose: "data", via: "s3" }),
    allow("InvokeProfiles", { Action: "bedrock:InvokeModel", Resource: profiles }),
    allow("ModelsBehindProfiles", { Action: "bedrock:InvokeModel", Resource: regional, Condition: throughProfile }),
    unregional.length > 0
      ? allow("ModelsAnywhereBehindProfiles", {
          Action: "bedrock:InvokeModel",
          Resource: unregional,
          Condition: { ...throughProfile, StringEquals: { "aws:RequestedRegion": "unspecified" } },
        })
      : undefined,
  ];
}

/** What the runner may do with Bedrock: batches of this organization under a department's name. */
function batchStatements(context: StackContext, models: TierChoice): readonly Statement[] {
  const { organization } = context;
  const jobs = jobsOf(context);
  const underItsName: Conditions = {
    StringEquals: { "aws:RequestTag/Organization": organization },
    StringLike: { "aws:RequestTag/Department": "?*" },
  };
  return [
    // AWS checks the models and the job, not the profile. The budget stop denies the same action by the tag of a stopped department.
    allow("StartBatches", {
      Action: "bedrock:CreateModelInvocationJob",
      Resource: [...chosenModels(context, models).regional, jobs],
      Condition: underItsName,
    }),
    allow("TagBatches", { Action: "bedrock:TagResource", Resource: jobs, Condition: underItsName }),
    allow("FindBatches", { Action: "bedrock:ListModelInvocationJobs", Resource: "*" }),
    allow("FollowBatches", {
      Action: ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"],
      Resource: jobs,
      Condition: { StringEquals: { "aws:ResourceTag/Organization": organization } },
    }),
    allow("GiveBatchItsRole", {
      Action: "iam:PassRole",
      Resource: batchRoleArn(context),
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    }),
  ];
}

/** What the runner may do with files: requests, answers and jobs, and the gateway's declared state and ledgers. */
function batchFileStatements(context: StackContext): readonly Statement[] {
  const bucket = bucketOf(context, batchBucketPurpose);
  const books = bucketOf(context, gatewayBucketPurpose);
  return [
    allow("TakeRequests", {
      Action: ["s3:DeleteObject", "s3:GetObject"],
      Resource: `${bucket}/${batchKeys.requests}*`,
    }),
    allow("KeepAnswersAndJobs", {
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [`${bucket}/${batchKeys.answers}*`, `${bucket}/${batchKeys.jobs}*`],
    }),
    allow("ListFiles", { Action: "s3:ListBucket", Resource: bucket }),
    allow("ReadDeclaredState", { Action: "s3:GetObject", Resource: `${books}/state/*` }),
    allow("KeepLedgers", { Action: "s3:PutObject", Resource: `${books}/${batchKeys.ledgers}*` }),
    allow("ListDeclaredState", {
      Action: "s3:ListBucket",
      Resource: books,
      Condition: { StringLike: { "s3:prefix": [`${stateKeys.departments}*`, `${batchKeys.ledgers}*`] } },
    }),
    // Each department's object is encrypted with its own stack's key; what the runner writes, with this one's.
    {
      ...useKey(context, { purpose: "data", via: "s3", actions: ["kms:Decrypt"], stack: "*" }),
      Sid: "ReadEveryStacksState",
    },
    useKey(context, { purpose: "data", via: "s3", actions: ["kms:GenerateDataKey"] }),
  ];
}

/** What the runner may do: batches of this organization under a department's name, their files, and the gateway's books. */
export function batchRunnerStatements(context: StackContext, models: TierChoice): readonly Statement[] {
  const { arns, names } = context;
  return [
    ...batchStatements(context, models),
    ...batchFileStatements(context),
    allow("ReadMasterKey", {
      Action: "secretsmanager:GetSecretValue",
      Resource: arns.secret(names.secret(secretPurposes.masterKey)),
    }),
    useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  ];
}

/** Lets a function read what batches deduct from the budgets. */
export function readLedgers(context: StackContext): readonly Statement[] {
  const books = bucketOf(context, gatewayBucketPurpose);
  return [
    allow("ReadLedgers", { Action: "s3:GetObject", Resource: `${books}/${batchKeys.ledgers}*` }),
    allow("ListLedgers", {
      Action: "s3:ListBucket",
      Resource: books,
      Condition: { StringLike: { "s3:prefix": `${batchKeys.ledgers}*` } },
    }),
  ];
}
