import { createHash } from "node:crypto";
import { charactersOf, tokens, type Block, type ConverseBody } from "./converse";

const fewestTokens = 1024;
const keptMs = { "5m": 5 * 60_000, "1h": 60 * 60_000 } as const;
type Ttl = keyof typeof keptMs;
/** Blocks before a cache point whose ends are tried too: an older turn's point is found again though it is no longer marked. */
const lookBack = 20;

/** Input tokens of a request by what they cost. */
export interface InputTokens {
  readonly inputTokens: number;
  readonly cacheReadInputTokens: number;
  readonly cacheWriteInputTokens: number;
  /** The written tokens by how long they live: Converse's `cacheDetails`. */
  readonly cacheDetails?: readonly { readonly ttl: Ttl; readonly inputTokens: number }[];
}

interface Boundary {
  readonly hash: string;
  readonly tokens: number;
  /** How long the entry lives that ends here; undefined: none does. */
  readonly point: Ttl | undefined;
}

/** The request's prefixes in the order in which a model reads it: tools, system, messages; one at the end of each block. */
function boundaries({ toolConfig, system, messages }: ConverseBody): Boundary[] {
  const parts: (readonly [string, Block])[] = [
    ...(toolConfig?.tools ?? []).map((block) => ["tool", block] as const),
    ...(system ?? []).map((block) => ["system", block] as const),
    ...messages.flatMap(({ role, content }, index) => content.map((block) => [`${index} ${role}`, block] as const)),
  ];
  const hash = createHash("sha256");
  const found: Boundary[] = [];
  let characters = 0;
  for (const [place, block] of parts) {
    const last = found.at(-1);
    if ("cachePoint" in block) {
      const { ttl = "5m" } = block["cachePoint"] as { readonly ttl?: Ttl };
      if (last) found[found.length - 1] = { ...last, point: ttl };
      continue;
    }
    hash.update(JSON.stringify([place, block]));
    characters += charactersOf(block);
    found.push({ hash: hash.copy().digest("hex"), tokens: tokens(characters), point: undefined });
  }
  return found;
}

/**
 * Bedrock's prompt cache, per model id: what stands before a cache point is written the first time and read later, for five minutes or an
 * hour after its last use. A prefix must be the same to the letter and have 1,024 tokens, whatever the model. Tokens are characters / 4. A
 * changed tool choice, image or thinking spoils nothing.
 */
export class PromptCache {
  readonly #kept = new Map<string, number>();

  /** Counts a request's tokens, and keeps its marked prefixes. */
  count(model: string, body: ConverseBody, now: number): InputTokens {
    const all = boundaries(body);
    const total = all.at(-1)?.tokens ?? 0;
    const key = ({ hash }: Boundary) => `${model} ${hash}`;
    const points = all.flatMap((boundary, index) =>
      boundary.point !== undefined && boundary.tokens >= fewestTokens
        ? [{ ...boundary, point: boundary.point, index }]
        : [],
    );
    let read = 0;
    for (const { index, point } of points) {
      for (const earlier of all.slice(Math.max(0, index - lookBack), index + 1)) {
        if ((this.#kept.get(key(earlier)) ?? 0) <= now) continue;
        read = Math.max(read, earlier.tokens);
        this.#kept.set(key(earlier), now + keptMs[point]);
      }
    }
    const written = { "5m": 0, "1h": 0 };
    let upTo = read;
    for (const boundary of points) {
      written[boundary.point] += Math.max(0, boundary.tokens - upTo);
      upTo = Math.max(upTo, boundary.tokens);
      this.#kept.set(key(boundary), now + keptMs[boundary.point]);
    }
    const details = (["1h", "5m"] as const).filter((ttl) => written[ttl] > 0);
    return {
      inputTokens: total - upTo,
      cacheReadInputTokens: read,
      cacheWriteInputTokens: written["5m"] + written["1h"],
      ...(details.length > 0 && { cacheDetails: details.map((ttl) => ({ ttl, inputTokens: written[ttl] })) }),
    };
  }

  clear(): void {
    this.#kept.clear();
  }
}
