import type { CatalogueModel } from "../../config";

/** Seconds a request may run, from the gateway's admission to the last token of the answer. */
export const requestSeconds = 1800;

/** Seconds until a worker asks the database about a key again: the bound of a revocation that Valkey did not carry. */
export const keyCacheSeconds = 5;

/** Output tokens of a request that names none; Cline names its own. */
export const defaultTokens = ({ maxOutput }: CatalogueModel): number => Math.min(8192, maxOutput);

/**
 * The most output tokens of one request: what Cline asks for at most. While a request runs, Bedrock takes them from the quota, and LiteLLM
 * reserves their cost from the budgets.
 */
export const mostTokens = ({ maxOutput }: CatalogueModel): number => Math.min(38_400, maxOutput);
