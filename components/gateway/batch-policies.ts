import {
  arns,
  batchBucketPurpose,
  batchKeys,
  modelArns,
  modelTiers,
  names,
  stateKeys,
  type StackSpec,
} from "../../config";
import { contextOf } from "../context-of";
import { useKey } from "../kit";
import { allow, document, serviceTrust, type Conditions, type Statement } from "../policy-document";
import { gatewayBucketPurpose, secretPurposes } from "./task-policies";

/** Purpose of the function that runs batches; also of its role. */
export const batchRunnerPurpose = "batch-runner";

/** Purpose of the role that Bedrock takes up for a batch. */
export const batchRolePurpose = "bedrock-batch";

const bucketOf = (spec: StackSpec, purpose: string): string =>
  arns(spec).bucket(names(spec.platform.organization).bucket(spec.stack, purpose, spec.accountId, spec.region));

/** The stack whose gateway a stack uses: its own, or the platform's. */
export const gatewayStack = (spec: StackSpec): string => (spec.gateway ? spec.stack : spec.platform.stack);

/** Name of the batch bucket of the gateway that a stack uses. */
export const batchBucketName = (spec: StackSpec): string =>
  names(spec.platform.organization).bucket(gatewayStack(spec), batchBucketPurpose, spec.accountId, spec.region);

/** ARN of the role that Bedrock takes up for this gateway's batches. */
export const batchRoleArn = (spec: StackSpec): string =>
  arns(spec).role(names(spec.platform.organization).role(spec.stack, batchRolePurpose));

/** Models that batches may use, as an identity policy names them: the catalogue's, inside the residency. */
function batchModels(spec: StackSpec) {
  const { region, accountId, platform } = spec;
  const models = modelTiers.map((tier) => modelArns({ ...platform, region, accountId }, tier));
  const foundation = [...new Set(models.flatMap(({ foundationModels }) => foundationModels))];
  return {
    profiles: [...new Set(models.map(({ inferenceProfile }) => inferenceProfile))],
    regional: foundation.filter((arn) => !arn.startsWith("arn:aws:bedrock:::")),
    unregional: foundation.filter((arn) => arn.startsWith("arn:aws:bedrock:::")),
  };
}

/** Bedrock takes up the role for batch jobs of this account and region, and for nothing else. */
export function batchTrust(spec: StackSpec): string {
  return serviceTrust("bedrock.amazonaws.com", {
    StringEquals: { "aws:SourceAccount": spec.accountId },
    ArnLike: { "aws:SourceArn": arns(spec).regional("bedrock", "model-invocation-job/*") },
  });
}

/** What Bedrock does in a batch's name: read its input, write its output, invoke the catalogue's models through the residency's profiles. */
export function batchRolePolicy(spec: StackSpec): string {
  const bucket = bucketOf(spec, batchBucketPurpose);
  const { profiles, regional, unregional } = batchModels(spec);
  const throughProfile: Conditions = { ArnEquals: { "bedrock:InferenceProfileArn": profiles } };
  return document(
    allow("ReadInput", { Action: "s3:GetObject", Resource: `${bucket}/${batchKeys.jobs}*/input.jsonl` }),
    allow("WriteOutput", { Action: "s3:PutObject", Resource: `${bucket}/${batchKeys.jobs}*/output/*` }),
    allow("FindInput", {
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: { StringLike: { "s3:prefix": `${batchKeys.jobs}*` } },
    }),
    useKey(contextOf(spec), { purpose: "data", via: "s3" }),
    allow("InvokeProfiles", { Action: "bedrock:InvokeModel", Resource: profiles }),
    allow("ModelsBehindProfiles", { Action: "bedrock:InvokeModel", Resource: regional, Condition: throughProfile }),
    unregional.length > 0
      ? allow("ModelsAnywhereBehindProfiles", {
          Action: "bedrock:InvokeModel",
          Resource: unregional,
          Condition: { ...throughProfile, StringEquals: { "aws:RequestedRegion": "unspecified" } },
        })
      : undefined,
  );
}

/** What the runner may do: batches of this organization under a department's name, their files, and the gateway's books. */
export function batchRunnerStatements(spec: StackSpec): readonly Statement[] {
  const { organization } = spec.platform;
  const bucket = bucketOf(spec, batchBucketPurpose);
  const books = bucketOf(spec, gatewayBucketPurpose);
  const { regional } = batchModels(spec);
  const jobs = arns(spec).regional("bedrock", "model-invocation-job/*");
  const underItsName: Conditions = {
    StringEquals: { "aws:RequestTag/Organization": organization },
    StringLike: { "aws:RequestTag/Department": "?*" },
  };
  return [
    // AWS asks for the models and the job, not for the profile. The budget stop denies the same action by the tag of a stopped department.
    allow("StartBatches", {
      Action: "bedrock:CreateModelInvocationJob",
      Resource: [...regional, jobs],
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
      Resource: batchRoleArn(spec),
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    }),
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
    // Each department's object is under its own stack's key; what the runner writes is under this one's.
    {
      ...useKey(contextOf(spec), { purpose: "data", via: "s3", actions: ["kms:Decrypt"], stack: "*" }),
      Sid: "ReadEveryStacksState",
    },
    useKey(contextOf(spec), { purpose: "data", via: "s3", actions: ["kms:GenerateDataKey"] }),
    allow("ReadMasterKey", {
      Action: "secretsmanager:GetSecretValue",
      Resource: arns(spec).secret(names(organization).secret(spec.stack, secretPurposes.masterKey)),
    }),
    useKey(contextOf(spec), { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  ];
}

/** Lets a function read what batches take from the budgets. */
export function readLedgers(spec: StackSpec): readonly Statement[] {
  const books = bucketOf(spec, gatewayBucketPurpose);
  return [
    allow("ReadLedgers", { Action: "s3:GetObject", Resource: `${books}/${batchKeys.ledgers}*` }),
    allow("ListLedgers", {
      Action: "s3:ListBucket",
      Resource: books,
      Condition: { StringLike: { "s3:prefix": `${batchKeys.ledgers}*` } },
    }),
  ];
}
