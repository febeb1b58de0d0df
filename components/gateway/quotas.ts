import type { ModelTier } from "../../config";

/** What one model group may use of the account's Bedrock quota. */
export interface ModelQuota {
  /** Tokens per minute. */
  readonly tpm: number;
  /** Requests per minute. */
  readonly rpm: number;
  /** Requests in flight over all tasks and workers; falls by itself when Bedrock throttles. */
  readonly inFlight: number;
}

/**
 * Below what a new account has of these models (Service Quotas, Amazon Bedrock, cross-region model inference), so that the gateway queues
 * by priority before Bedrock refuses without one. A higher quota in the account changes these lines.
 */
export const quotas: Readonly<Record<ModelTier, ModelQuota>> = {
  light: { tpm: 2_000_000, rpm: 1_000, inFlight: 100 },
  standard: { tpm: 1_000_000, rpm: 500, inFlight: 60 },
  strong: { tpm: 500_000, rpm: 200, inFlight: 30 },
};
