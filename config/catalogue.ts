import { gatewayRelease } from "./gateway-release";
import type { ModelTier, Residency } from "./terms";

/** US dollars per million tokens. Bedrock bills the images of a prompt as input tokens, and thinking as output tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** A cache entry that lives five minutes. */
  readonly cacheWrite: number;
  /** A cache entry that lives an hour; absent: the model has no such entries. */
  readonly cacheWriteHour?: number;
}

/** How long a model stays on Bedrock. Dates are ISO dates. */
export interface ModelLifecycle {
  /** No end of life before this day: "EOL no sooner than" of the model's card, or twelve months after its launch. */
  readonly noSoonerThan: string;
  /** Day of the end of life, once AWS has announced it. */
  readonly endOfLife?: string;
}

/** A Bedrock model that a tier can select. */
export interface CatalogueModel {
  /** Bedrock base id, as in `arn:aws:bedrock:REGION::foundation-model/ID`. */
  readonly id: string;
  /** Display name. */
  readonly name: string;
  /** Context window in tokens. */
  readonly contextWindow: number;
  /** Maximum output tokens. */
  readonly maxOutput: number;
  readonly lifecycle: ModelLifecycle;
  /** Whether an answer can be held to a JSON schema: by Bedrock's structured outputs. */
  readonly structuredOutput: boolean;
  /** Whether a request can demand a call of a tool, or of one tool. */
  readonly forcedToolUse: boolean;
  /** Whether thinking takes a number of tokens; otherwise the model chooses it, within the answer's tokens. */
  readonly thinkingBudget: boolean;
  /** Price by residency; a residency without a price has no inference profile of this model. */
  readonly prices: Readonly<Partial<Record<Residency, ModelPrice>>>;
}

/**
 * Source of the prices, windows and profiles. A review compares them with AWS's price list and
 * updates the date.
 */
export const catalogueSource = {
  date: gatewayRelease.pricesRead,
  source: `price map of LiteLLM ${gatewayRelease.litellm} (model_prices_and_context_window_backup.json)`,
} as const;

/**
 * Source of the models' lifecycles: Bedrock's user guide, "Model lifecycle", "Model lifecycle (Legacy)" and the model cards. A model that was
 * active on the date has six months' notice from then on at least, because AWS announces an end of life six months before.
 */
export const lifecycleSource = { date: "2026-10-09", noticeMonths: 6 } as const;

const round = (usd: number) => Math.round(usd * 1e6) / 1e6;

/**
 * Anthropic's prices: one list price for `global`, 10 % more for every geography that keeps prompts
 * inside; a cache write costs 1.25 times the input, one for an hour twice the input.
 */
function anthropic(input: number, output: number, cacheRead: number): CatalogueModel["prices"] {
  const price = (factor: number): ModelPrice => ({
    input: round(input * factor),
    output: round(output * factor),
    cacheRead: round(cacheRead * factor),
    cacheWrite: round(input * factor * 1.25),
    cacheWriteHour: round(input * factor * 2),
  });
  const inside = price(1.1);
  return { global: price(1), us: inside, eu: inside, au: inside, jp: inside, apac: inside };
}

/**
 * Amazon's prices differ by geography; a cache write costs the same as other input, a cache read a
 * quarter.
 */
function amazon(input: number, output: number): ModelPrice {
  return { input, output, cacheRead: round(input / 4), cacheWrite: input };
}

/** Abilities of Claude from version 5 on: thinking is the model's own choice. */
const adaptive = { structuredOutput: false, forcedToolUse: true, thinkingBudget: false } as const;
/** Abilities of Claude before version 5. */
const budgeted = { structuredOutput: true, forcedToolUse: true, thinkingBudget: true } as const;
/** Abilities of Nova: a JSON schema is a forced call of a tool. */
const nova = { structuredOutput: true, forcedToolUse: true, thinkingBudget: false } as const;

/**
 * The models that tiers select from, newest first. claude-haiku-5-5 is missing until its price is
 * confirmed. The map's $.10 and $.50 are a tenth of its predecessor's, and a price that is too low
 * lets budgets overrun.
 */
export const catalogue = {
  "claude-opus-5-5": {
    id: "anthropic.claude-opus-5-5",
    name: "Claude Opus 5.5",
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    lifecycle: { noSoonerThan: "2027-09-22" },
    ...adaptive,
    forcedToolUse: false,
    prices: anthropic(4, 20, 0.2),
  },
  "claude-sonnet-5-5": {
    id: "anthropic.claude-sonnet-5-5",
    name: "Claude Sonnet 5.5",
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    lifecycle: { noSoonerThan: "2027-09-28" },
    ...adaptive,
    structuredOutput: true,
    forcedToolUse: false,
    prices: anthropic(2, 10, 0.1),
  },
  "claude-opus-5": {
    id: "anthropic.claude-opus-5",
    name: "Claude Opus 5",
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    lifecycle: { noSoonerThan: "2027-07-24" },
    ...adaptive,
    prices: anthropic(5, 25, 0.5),
  },
  "claude-sonnet-5": {
    id: "anthropic.claude-sonnet-5",
    name: "Claude Sonnet 5",
    contextWindow: 1_000_000,
    maxOutput: 128_000,
    lifecycle: { noSoonerThan: "2027-06-30" },
    ...adaptive,
    structuredOutput: true,
    prices: anthropic(2, 10, 0.2),
  },
  "claude-sonnet-4-6": {
    id: "anthropic.claude-sonnet-4-6",
    name: "Claude Sonnet 4.6",
    contextWindow: 1_000_000,
    maxOutput: 64_000,
    lifecycle: { noSoonerThan: "2027-02-17" },
    ...budgeted,
    prices: anthropic(3, 15, 0.3),
  },
  "claude-haiku-4-5": {
    id: "anthropic.claude-haiku-4-5-20251001-v1:0",
    name: "Claude Haiku 4.5",
    contextWindow: 200_000,
    maxOutput: 64_000,
    lifecycle: { noSoonerThan: "2026-10-16" },
    ...budgeted,
    prices: anthropic(1, 5, 0.1),
  },
  "nova-2-lite": {
    id: "amazon.nova-2-lite-v1:0",
    name: "Amazon Nova 2 Lite",
    contextWindow: 1_000_000,
    maxOutput: 64_000,
    lifecycle: { noSoonerThan: "2026-12-02" },
    ...nova,
    prices: {
      global: amazon(0.3, 2.5),
      us: amazon(0.33, 2.75),
      eu: amazon(0.429, 3.597),
      jp: amazon(0.396, 3.311),
      apac: amazon(0.396, 3.311),
    },
  },
  "nova-pro": {
    id: "amazon.nova-pro-v1:0",
    name: "Amazon Nova Pro",
    contextWindow: 300_000,
    maxOutput: 10_000,
    lifecycle: { noSoonerThan: "2025-12-05" },
    ...nova,
    prices: { us: amazon(0.8, 3.2), eu: amazon(1.05, 4.2), apac: amazon(0.84, 3.36) },
  },
  "nova-lite": {
    id: "amazon.nova-lite-v1:0",
    name: "Amazon Nova Lite",
    contextWindow: 300_000,
    maxOutput: 10_000,
    lifecycle: { noSoonerThan: "2025-12-05" },
    ...nova,
    prices: { us: amazon(0.06, 0.24), eu: amazon(0.078, 0.312), apac: amazon(0.063, 0.252) },
  },
} as const satisfies Readonly<Record<string, CatalogueModel>>;

/** Short name of a model in a stack file. */
export type ModelName = keyof typeof catalogue;
export const modelNames = Object.keys(catalogue) as [ModelName, ...ModelName[]];

/** The model behind each tier unless the platform file's `models` says otherwise. */
export const defaultModels: Readonly<Record<ModelTier, ModelName>> = {
  light: "claude-haiku-4-5",
  standard: "claude-sonnet-5-5",
  strong: "claude-opus-5-5",
};

/** Cline's mode for a tier: Plan for first ideas, Act for real work. */
export const clineModes: Readonly<Record<ModelTier, "plan" | "act">> = {
  light: "plan",
  standard: "act",
  strong: "act",
};

/** Tiers that may answer for one whose model fails, nearest first. The gateway offers those that the key's own list has. */
export const tierFallbacks: Readonly<Record<ModelTier, readonly ModelTier[]>> = {
  light: ["standard"],
  standard: ["light", "strong"],
  strong: ["standard", "light"],
};

interface Geography {
  /** Source regions: a gateway in one of them can call the geography's profiles. */
  readonly sources: readonly string[];
  /** Regions to which the profiles may route a prompt. */
  readonly destinations: readonly string[];
}

const jp = ["ap-northeast-1", "ap-northeast-3"];
const au = ["ap-southeast-2", "ap-southeast-4"];
const us = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"];
const eu = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"];
const apac = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  ...au,
];

/**
 * Regions of each residency's cross-region inference profiles (Bedrock user guide, "Supported
 * Regions and models for inference profiles"). The destinations are the whole geography's. A source
 * region may add or omit some inside it, which does not change where prompts may be processed.
 */
const geographies: Readonly<Record<Residency, Geography>> = {
  jp: { sources: jp, destinations: jp },
  au: { sources: au, destinations: au },
  us: { sources: us, destinations: us },
  eu: { sources: eu, destinations: eu },
  apac: { sources: apac, destinations: apac },
  global: {
    sources: [...us, "ca-central-1", "sa-east-1", ...eu, "eu-central-2", "eu-west-2", ...apac],
    // Every commercial region; IAM sees a request that left the source region as the region-less
    // model (modelArns).
    destinations: [],
  },
};

/**
 * Regions to which the profiles of a residency may route a prompt; none for `global`, which may use
 * every commercial region.
 */
export function destinationRegions(residency: Residency): readonly string[] {
  return geographies[residency].destinations;
}

/** Regions in which a platform of this residency can run. */
export function sourceRegions(residency: Residency): readonly string[] {
  return geographies[residency].sources;
}

/** Models that have an inference profile inside the residency. */
export function modelsWithin(residency: Residency): ModelName[] {
  return modelNames.filter((name) => catalogueModel(name).prices[residency] !== undefined);
}

/** A catalogue entry by its short name. */
export function catalogueModel(name: ModelName): CatalogueModel {
  return catalogue[name];
}

/** Faults of one entry, one line each: a price that is missing or no price, a date that is none. A model with a fault is not planned. */
export function modelFaults(name: string, { prices, lifecycle }: CatalogueModel): string[] {
  const faults: string[] = [];
  for (const [residency, price] of Object.entries(prices)) {
    const wanted = [
      "input",
      "output",
      "cacheRead",
      "cacheWrite",
      ...("cacheWriteHour" in price ? ["cacheWriteHour"] : []),
    ];
    for (const field of wanted) {
      const found = (price as unknown as Record<string, unknown>)[field];
      if (typeof found === "number" && Number.isFinite(found) && found > 0) continue;
      faults.push(`${name}.prices.${residency}.${field}: found ${String(found)}; allowed a price above 0`);
    }
  }
  for (const [field, date] of Object.entries(lifecycle)) {
    if (typeof date === "string" && /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))) continue;
    faults.push(`${name}.lifecycle.${field}: found ${String(date)}; allowed an ISO date`);
  }
  return faults;
}
