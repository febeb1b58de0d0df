import { createHash } from "node:crypto";
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { batchKeys } from "../../config/batch";
import type { ModelTier } from "../../config/terms";
import { awsClient } from "./aws";
import { setting } from "./environment";

/** One batch of one developer. All money is in US dollars. */
export interface BatchJob {
  /** Hash of the request file's key and version: a run that was cut off finds its own job again. */
  readonly id: string;
  /** Name of the request file without its ending. */
  readonly name: string;
  readonly developer: string;
  readonly model: ModelTier;
  readonly records: number;
  /** Highest possible cost: deducted from the budgets while the batch is open. */
  readonly reservedUsd: number;
  /** `reserved` until Bedrock has named it. */
  readonly state: "reserved" | "running" | "stopping" | "ended";
  /** ISO moment of the reservation. */
  readonly reservedAt: string;
  readonly costCenter: string;
  readonly jobArn?: string;
  readonly stopReason?: string;
  /** ISO moment. */
  readonly endedAt?: string;
  /** Bedrock's final status, with its message. */
  readonly outcome?: string;
  /** Actual cost. */
  readonly costUsd?: number;
  readonly succeeded?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** A department's batches: those that are open, and those that ended this month or the last. */
export interface BatchLedger {
  readonly version: 1;
  readonly department: string;
  /** Oldest first. */
  readonly jobs: readonly BatchJob[];
}

/** Deductions from this month's budgets for batches, in US dollars. */
export interface BatchCommitment {
  readonly departmentUsd: number;
  readonly byDeveloper: ReadonlyMap<string, number>;
}

export const noCommitment: BatchCommitment = { departmentUsd: 0, byDeveloper: new Map() };

export const isOpen = ({ state }: BatchJob): boolean => state !== "ended";

const monthOf = (moment: string) => moment.slice(0, 7);

/**
 * Deductions for a department's batches this month. An open batch counts with its highest possible
 * cost, in whatever month it began.
 * An ended batch counts with its actual cost, in the month of its end.
 */
export function commitmentOf(ledger: BatchLedger | undefined, now: Date): BatchCommitment {
  const month = monthOf(now.toISOString());
  const byDeveloper = new Map<string, number>();
  let departmentUsd = 0;
  for (const job of ledger?.jobs ?? []) {
    const usd = isOpen(job) ? job.reservedUsd : monthOf(job.endedAt ?? "") === month ? (job.costUsd ?? 0) : 0;
    departmentUsd += usd;
    byDeveloper.set(job.developer, (byDeveloper.get(job.developer) ?? 0) + usd);
  }
  return { departmentUsd, byDeveloper };
}

/** The ledger with a job replaced or appended. Jobs that ended before last month are dropped. */
export function withJob(ledger: BatchLedger, job: BatchJob, now: Date): BatchLedger {
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString();
  const known = ledger.jobs.some(({ id }) => id === job.id);
  const jobs = known ? ledger.jobs.map((each) => (each.id === job.id ? job : each)) : [...ledger.jobs, job];
  return { ...ledger, jobs: jobs.filter((each) => isOpen(each) || monthOf(each.endedAt ?? "") >= monthOf(last)) };
}

/** The ledger without a job that never began. */
export const withoutJob = (ledger: BatchLedger, id: string): BatchLedger => ({
  ...ledger,
  jobs: ledger.jobs.filter((job) => job.id !== id),
});

/** Id of the batch of one version of a request file. */
export const batchId = (key: string, version: string): string =>
  createHash("sha256").update(`${key}\n${version}`).digest("hex").slice(0, 20);

const s3 = awsClient(new S3Client({}));

/** A ledger as it was read, with the version that a write must find. */
export interface StoredLedger {
  readonly ledger: BatchLedger;
  /** Undefined where none has been written yet. */
  readonly version: string | undefined;
}

/** The ledgers of all departments that ever sent a batch, by department. */
export async function batchLedgers(): Promise<Map<string, StoredLedger>> {
  const Bucket = setting("STATE_BUCKET");
  const ledgers = new Map<string, StoredLedger>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: batchKeys.ledgers })) {
    for (const { Key } of Contents) {
      const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const ledger = JSON.parse((await Body?.transformToString("utf8")) ?? "") as BatchLedger;
      ledgers.set(ledger.department, { ledger, version: ETag });
    }
  }
  return ledgers;
}

/** Deductions for all departments' batches this month, by department. */
export async function batchCommitments(now: Date): Promise<ReadonlyMap<string, BatchCommitment>> {
  const ledgers = await batchLedgers();
  return new Map([...ledgers].map(([department, { ledger }]) => [department, commitmentOf(ledger, now)]));
}

/**
 * Writes a ledger if it is unchanged since it was read.
 * @throws Error when another run has written it: neither run may lose the other's reservation.
 */
export async function writeLedger({ ledger, version }: StoredLedger): Promise<StoredLedger> {
  const { ETag } = await s3.send(
    new PutObjectCommand({
      Bucket: setting("STATE_BUCKET"),
      Key: batchKeys.ledgerOf(ledger.department),
      Body: JSON.stringify(ledger),
      ContentType: "application/json",
      ...(version === undefined ? { IfNoneMatch: "*" } : { IfMatch: version }),
    }),
  );
  return { ledger, version: ETag };
}
