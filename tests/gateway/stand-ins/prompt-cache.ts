import { createHash } from "node:crypto";
import { charactersOf, tokens, type Block, type ConverseBody } from "./converse";

const fewestTokens = 1024;
const keptMs = 5 * 60_000;
/** Blocks before a cache point whose ends are tried too: an older turn's point is found again though it is no longer marked. */
const lookBack = 20;

/** Input tokens of a request by what they cost. */
export interface InputTokens {
  readonly inputTokens: number;
  readonly cacheReadInputTokens: number;
  readonly cacheWriteInputTokens: number;
}

interface Boundary {
  readonly hash: string;
  readonly tokens: number;
  readonly point: boolean;
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
      if (last) found[found.length - 1] = { ...last, point: true };
      continue;
    }
    hash.update(JSON.stringify([place, block]));
    characters += charactersOf(block);
    found.push({ hash: hash.copy().digest("hex"), tokens: tokens(characters), point: false });
  }
  return found;
}

/**
 * Bedrock's prompt cache, per model id: what stands before a cache point is written the first time and read later, for five minutes after
 * its last use. A prefix must be the same to the letter and have 1,024 tokens, whatever the model. Tokens are characters / 4. A point's
 * longer lifetime (`ttl`) is not known here, and a changed tool choice or image spoils nothing.
 */
export class PromptCache {
  readonly #kept = new Map<string, number>();

  /** Counts a request's tokens, and keeps its marked prefixes. */
  count(model: string, body: ConverseBody, now: number): InputTokens {
    const all = boundaries(body);
    const total = all.at(-1)?.tokens ?? 0;
    const key = ({ hash }: Boundary) => `${model} ${hash}`;
    let [read, marked] = [0, 0];
    for (const [index, boundary] of all.entries()) {
      if (!boundary.point || boundary.tokens < fewestTokens) continue;
      for (const earlier of all.slice(Math.max(0, index - lookBack), index + 1)) {
        if ((this.#kept.get(key(earlier)) ?? 0) <= now) continue;
        read = Math.max(read, earlier.tokens);
        this.#kept.set(key(earlier), now + keptMs);
      }
      marked = boundary.tokens;
    }
    for (const boundary of all)
      if (boundary.point && boundary.tokens >= fewestTokens) this.#kept.set(key(boundary), now + keptMs);
    return {
      inputTokens: total - Math.max(read, marked),
      cacheReadInputTokens: read,
      cacheWriteInputTokens: Math.max(0, marked - read),
    };
  }

  clear(): void {
    this.#kept.clear();
  }
}
