import type { BatchModels } from "../../config/batch";
import type { BatchJob } from "../shared/batch-ledger";

/** Statuses of Bedrock after which nothing more comes. */
const finalStatuses: readonly string[] = ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"];

/** Whether a job has ended at Bedrock. */
export const isFinal = (status: string | undefined): status is string =>
  status !== undefined && finalStatuses.includes(status);

/** Tokens that Bedrock processed, of its manifest or added up from the answers. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly succeeded: number;
}

/**
 * What a batch that has ended did cost. Where no tokens are told, it did cost nothing if Bedrock says that no record was processed, or it failed or
 * expired before its turn; otherwise the most it can cost stays booked, because a budget must not run over on a guess.
 */
export function costOf(
  job: BatchJob,
  ended: { readonly status: string; readonly processed: number | undefined; readonly usage: Usage | undefined },
  models: BatchModels,
): number {
  const { status, processed, usage } = ended;
  if (usage === undefined) {
    const neverRan = processed === 0 || (processed === undefined && ["Failed", "Expired"].includes(status));
    return neverRan ? 0 : job.reservedUsd;
  }
  const { inputUsd, outputUsd } = models[job.model];
  return (usage.inputTokens * inputUsd + usage.outputTokens * outputUsd) / 1e6;
}
