import type { BatchModels } from "../../config/batch";
import type { BatchJob } from "../shared/batch-ledger";

/** Final statuses of a Bedrock job. */
const finalStatuses: readonly string[] = ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"];

/** Whether a job has ended at Bedrock. */
export const isFinal = (status: string | undefined): status is string =>
  status !== undefined && finalStatuses.includes(status);

/** Tokens that Bedrock processed, from its manifest or added up from the answers. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly succeeded: number;
}

/**
 * Actual cost of an ended batch, in US dollars. Without token counts it is zero if no record was
 * processed, or if the job failed or expired unstarted.
 * Otherwise the whole reservation stays booked, so that no budget is exceeded on a guess.
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
