import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  StopModelInvocationJobCommand,
} from "@aws-sdk/client-bedrock";
import { batchJobName, batchKeys, batchLimits, type BatchModels } from "../../config/batch";
import { modelSpendTagKeys } from "../../config/tags";
import { awsClient } from "../shared/aws";
import type { BatchJob } from "../shared/batch-ledger";
import { setting } from "../shared/environment";

const bedrock = awsClient(new BedrockClient({}));

/** What came of starting a job: its ARN, a refusal for good, or a reason to try again later. */
export type Started = { readonly jobArn: string } | { readonly refused: string } | { readonly later: string };

/** Errors of Bedrock that pass by themselves. */
const passing = ["ThrottlingException", "ServiceQuotaExceededException", "InternalServerException"];
/** Errors that the same call gives again. */
const lasting = ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"];

/**
 * Starts a job, or finds the one that an earlier run has started: the token is the job's own id. Its tags are what the budget stop denies it by and
 * what AWS Budgets count it by; they are those of a department's resources.
 * @throws Error when it is not known whether the job has started.
 */
export async function startJob(job: BatchJob, department: string, models: BatchModels): Promise<Started> {
  const organization = setting("ORGANIZATION");
  const jobName = batchJobName(organization, department, job.id);
  const place = `s3://${setting("BATCH_BUCKET")}/${batchKeys.jobOf(job.id)}`;
  const tags = {
    Project: "cline",
    Organization: organization,
    Stack: setting("STACK"),
    Department: department,
    CostCenter: job.costCenter,
    Developer: job.developer,
    Purpose: "batch",
    [modelSpendTagKeys.department]: department,
    [modelSpendTagKeys.organization]: organization,
  };
  try {
    const { jobArn } = await bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName,
        clientRequestToken: job.id,
        roleArn: setting("BATCH_ROLE"),
        modelId: models[job.model].profileArn,
        modelInvocationType: "Converse",
        inputDataConfig: { s3InputDataConfig: { s3Uri: `${place}input.jsonl`, s3InputFormat: "JSONL" } },
        outputDataConfig: {
          s3OutputDataConfig: { s3Uri: `${place}output/`, s3EncryptionKeyId: setting("DATA_KEY") },
        },
        timeoutDurationInHours: batchLimits.timeoutHours,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }),
    );
    if (jobArn === undefined) throw new Error(`${job.id}: Bedrock named no job`);
    return { jobArn };
  } catch (fault) {
    const { name, message } = fault as Error;
    if (passing.includes(name)) return { later: name };
    if (name === "ConflictException") return { jobArn: await findJob(jobName) };
    if (lasting.includes(name)) return { refused: `Bedrock refused the batch (${name}): ${message}` };
    throw fault;
  }
}

async function findJob(jobName: string): Promise<string> {
  const { invocationJobSummaries = [] } = await bedrock.send(
    new ListModelInvocationJobsCommand({ nameContains: jobName, maxResults: 10 }),
  );
  const found = invocationJobSummaries.find((summary) => summary.jobName === jobName)?.jobArn;
  if (found === undefined) throw new Error(`${jobName}: Bedrock says that it exists, and does not list it`);
  return found;
}

/** A job as Bedrock has it. */
export interface JobStatus {
  readonly status: string | undefined;
  readonly message: string | undefined;
  /** Records processed so far; undefined where Bedrock does not say. */
  readonly processed: number | undefined;
}

export async function lookAtJob(jobArn: string): Promise<JobStatus> {
  const { status, message, processedRecordCount } = await bedrock.send(
    new GetModelInvocationJobCommand({ jobIdentifier: jobArn }),
  );
  return { status, message, processed: processedRecordCount };
}

/** Asks for a job's end. One that has just ended by itself is left to the next run. */
export async function stopJob(jobArn: string): Promise<void> {
  try {
    await bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
  } catch (fault) {
    if (!["ConflictException", "ValidationException"].includes((fault as Error).name)) throw fault;
  }
}
