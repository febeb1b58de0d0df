import type { ModelTier } from "./terms";

/**
 * Purpose of the gateway's bucket of batch requests and answers, and of Bedrock's input and output.
 */
export const batchBucketPurpose = "batch-files";

/**
 * S3 key layout. Requests, answers and jobs are in the bucket of {@link batchBucketPurpose};
 * ledgers in the gateway's own bucket, beside the declared state.
 */
export const batchKeys = {
  requests: "requests/",
  /** Written by this developer's workspace, which cannot read them. */
  requestsOf: (department: string, developer: string) => `requests/${department}/${developer}/`,
  answers: "answers/",
  /** Read by this developer's workspace, which cannot write them. */
  answersOf: (department: string, developer: string) => `answers/${department}/${developer}/`,
  jobs: "jobs/",
  /** Bedrock's input and output of one job; no workspace can access it. */
  jobOf: (id: string) => `jobs/${id}/`,
  ledgers: "state/batch/",
  ledgerOf: (department: string) => `state/batch/${department}.json`,
} as const;

/** Limits of one batch. Bedrock sets the minimum number of records and the hours. */
export const batchLimits = {
  minRecords: 100,
  maxRecords: 10_000,
  /** Bytes of the request file. */
  maxBytes: 32 * 1024 * 1024,
  /**
   * Maximum output tokens of all records together, which fit in the function's memory when it sorts
   * the answers.
   */
  maxOutputTokens: 20_000_000,
  /** Maximum running jobs of one developer; further requests wait. */
  openJobs: 3,
  /** Hours until Bedrock stops a job. */
  timeoutHours: 48,
} as const;

/**
 * Price of a token in a batch, as a fraction of its price in a chat (Amazon Bedrock pricing, batch
 * inference).
 */
export const batchPriceFactor = 0.5;

/** A model group for batches, at the batch prices in US dollars per million tokens. */
export interface BatchModel {
  /** ARN of the system-defined inference profile inside the residency. */
  readonly profileArn: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Output tokens of a record that sets none. */
  readonly defaultTokens: number;
  /** Maximum output tokens of a record. */
  readonly mostTokens: number;
}

export type BatchModels = Readonly<Record<ModelTier, BatchModel>>;

/**
 * Name of a job at Bedrock: the budget stop reads the department from it. Names of organizations
 * and departments have no dot.
 */
export const batchJobName = (organization: string, department: string, id: string): string =>
  `${organization}.${department}.${id}`;

/**
 * The department of a job that this program started for the organization; undefined for any other
 * job.
 */
export function batchJobDepartment(organization: string, jobName: string): string | undefined {
  const [owner, department, id, ...more] = jobName.split(".");
  return owner === organization && id !== undefined && more.length === 0 ? department : undefined;
}
