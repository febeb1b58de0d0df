import type { ModelTier } from "./terms";

/** Purpose of the bucket in which a gateway keeps batch requests, answers and what Bedrock reads and writes. */
export const batchBucketPurpose = "batch-files";

/** Where what lies. Requests, answers and jobs are in the bucket of {@link batchBucketPurpose}; ledgers in the gateway's own, beside the declared state. */
export const batchKeys = {
  requests: "requests/",
  /** Written by this developer's workspace, which cannot read them back. */
  requestsOf: (department: string, developer: string) => `requests/${department}/${developer}/`,
  answers: "answers/",
  /** Read by this developer's workspace, which cannot write them. */
  answersOf: (department: string, developer: string) => `answers/${department}/${developer}/`,
  jobs: "jobs/",
  /** What Bedrock reads and writes of one job; no workspace reaches it. */
  jobOf: (id: string) => `jobs/${id}/`,
  ledgers: "state/batch/",
  ledgerOf: (department: string) => `state/batch/${department}.json`,
} as const;

/** Bounds of one batch. The least number of records and the hours are Bedrock's. */
export const batchLimits = {
  minRecords: 100,
  maxRecords: 10_000,
  /** Of the request file. */
  maxBytes: 32 * 1024 * 1024,
  /** Output tokens that all records together may ask for: what the function can hold in memory when it sorts the answers. */
  maxOutputTokens: 20_000_000,
  /** Jobs of one developer that run at a time; further requests wait. */
  openJobs: 3,
  /** Hours until Bedrock gives up a job. */
  timeoutHours: 48,
} as const;

/** What a token costs in a batch, as a part of what it costs in a chat (Amazon Bedrock pricing, batch inference). */
export const batchPriceFactor = 0.5;

/** A model group as batches use it; prices are the batch's, in US dollars per million tokens. */
export interface BatchModel {
  /** ARN of the system-defined inference profile inside the residency. */
  readonly profileArn: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Output tokens of a record that names none. */
  readonly defaultTokens: number;
  /** The most output tokens of a record. */
  readonly mostTokens: number;
}

export type BatchModels = Readonly<Record<ModelTier, BatchModel>>;

/** Name of a job at Bedrock: the budget stop reads the department from it. Names of organizations and departments have no dot. */
export const batchJobName = (organization: string, department: string, id: string): string =>
  `${organization}.${department}.${id}`;

/** The department of a job that this program started for the organization; undefined of anybody else's. */
export function batchJobDepartment(organization: string, jobName: string): string | undefined {
  const [owner, department, id, ...more] = jobName.split(".");
  return owner === organization && id !== undefined && more.length === 0 ? department : undefined;
}
