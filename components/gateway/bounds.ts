import { catalogue, embeddingModel, type CatalogueModel } from "../../config";

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

/** Bytes of UTF-8 in a token, at most, for the prose and code that developers send. */
const bytesPerToken = 4;

const largestContext = Math.max(...Object.values(catalogue).map(({ contextWindow }) => contextWindow));

/** Limits of a developer's request, before LiteLLM sees it. */
export const requestLimits = {
  /** Bytes of a body: the largest context of the catalogue, with half as much again for JSON and images. */
  bytes: Math.ceil(largestContext * bytesPerToken * 1.5),
  /** Above so many bytes a process of its own serves the body: LiteLLM works on it long enough to hold up a worker's other requests. */
  largeBytes: 512 * 1024,
  /** Bytes of all bodies that arrive at a time in one worker: ten of the largest, far below a worker's memory. */
  bytesReceived: 10 * Math.ceil(largestContext * bytesPerToken * 1.5),
  /** Nesting of its JSON. */
  depth: 64,
  /** Objects, lists and scalars of its JSON. */
  nodes: 100_000,
  /** Seconds from the request line to the last byte of the body. */
  sendSeconds: 30,
  /** Requests of one key in flight in one worker. */
  perKey: 20,
} as const;

/**
 * Most requests for embeddings in flight over all tasks; each has one call of Bedrock in flight. Bedrock limits this model by calls a
 * minute, and the queue takes fewer when it throttles.
 */
export const embeddingPlaces = 10;

/** Limits of a request for embeddings, before LiteLLM sees it. */
export const embeddingLimits = {
  /** Bytes of its body: a file's functions at a time, at 8 KB each. */
  bytes: 1_000_000,
  /** Texts of a request: Bedrock takes one a call, so they are worked on in turn. */
  inputs: 128,
  /** Characters of a text. */
  characters: embeddingModel.characters,
  /** Lengths of a vector. */
  dimensions: embeddingModel.dimensions,
} as const;
