import { gatewayRelease } from "./gateway-release";
import type { ModelLifecycle } from "./catalogue";

/** A Bedrock model that turns text into a vector. */
export interface EmbeddingModel {
  /** Bedrock id, as in `arn:aws:bedrock:REGION::foundation-model/ID`. */
  readonly id: string;
  /** Short name, as in the catalogue. */
  readonly name: string;
  /** Display name. */
  readonly title: string;
  /** Most tokens of one text. */
  readonly contextWindow: number;
  /** Most characters of one text. */
  readonly characters: number;
  /** Lengths of a vector; the first is the default. */
  readonly dimensions: readonly number[];
  readonly lifecycle: ModelLifecycle;
  /** US dollars per million tokens of input; there is no output to pay. */
  readonly price: number;
  /** Regions that have it. It has no cross-region inference profile: a text is processed in the gateway's region. */
  readonly regions: readonly string[];
}

/**
 * The model behind `POST /v1/embeddings`. There is one, and no choice: vectors of two models cannot be compared, so a change would
 * spoil every index that developers' tools have made.
 *
 * Window, characters, dimensions: Bedrock's user guide, "Amazon Titan Text Embeddings models". Regions: the same, "Supported models
 * and Regions for Amazon Bedrock knowledge bases". Launched on 2024-04-30.
 */
export const embeddingModel: EmbeddingModel = {
  id: "amazon.titan-embed-text-v2:0",
  name: "titan-embed-text-v2",
  title: "Amazon Titan Text Embeddings V2",
  contextWindow: 8192,
  characters: 50_000,
  dimensions: [1024, 512, 256],
  lifecycle: { noSoonerThan: "2025-04-30" },
  price: 0.02,
  regions: [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
  ],
};

/**
 * Source of the price: one for every commercial region. A review compares it with AWS's price list of the gateway's region and updates
 * the date.
 */
export const embeddingSource = {
  date: gatewayRelease.pricesRead,
  source: `price map of LiteLLM ${gatewayRelease.litellm} (model_prices_and_context_window_backup.json)`,
} as const;

/** ARN of the model in a region: what a department's application inference profile copies. */
export const embeddingModelArn = (region: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/${embeddingModel.id}`;
