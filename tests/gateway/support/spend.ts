import { setTimeout as sleep } from "node:timers/promises";
import { planModel, type ModelTier } from "../../../config";
import type { BedrockRequest } from "../stand-ins/bedrock";
import type { World } from "./world";

/** One line of LiteLLM's spend log. Tokens are LiteLLM's own: `inputTokens` has those of the cache in it. */
export interface Booked {
  readonly tier: string;
  readonly developer: string;
  readonly usd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly status: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What LiteLLM has booked on a department, oldest first. Calls arrive here some 20 s after their end. */
export function spendOf(world: World, department: string): Booked[] {
  const text = world.postgres.sql(
    world.plan.database.name,
    `SELECT coalesce(json_agg(json_build_object('tier', model_group, 'developer', "user", 'usd', spend, 'inputTokens', prompt_tokens,
       'outputTokens', completion_tokens, 'status', status, 'metadata', metadata) ORDER BY "startTime"), '[]')
     FROM "LiteLLM_SpendLogs" WHERE team_id = '${department}'`,
  );
  return JSON.parse(text) as Booked[];
}

/** How many calls LiteLLM has booked on a department, and their dollars. */
export function bookedOn(world: World, department: string): { readonly calls: number; readonly usd: number } {
  const text = world.postgres.sql(
    world.plan.database.name,
    `SELECT json_build_object('calls', count(*), 'usd', coalesce(sum(spend), 0)) FROM "LiteLLM_SpendLogs" WHERE team_id = '${department}'`,
  );
  return JSON.parse(text) as { calls: number; usd: number };
}

/** What AWS bills for calls, by the catalogue's prices. */
export function billedUsd(world: World, tier: ModelTier, calls: readonly BedrockRequest[]): number {
  const { price } = planModel(world.spec.platform, tier);
  return calls.reduce((sum, { billed }) => {
    if (!billed) return sum;
    const hour = billed.cacheDetails?.find(({ ttl }) => ttl === "1h")?.inputTokens ?? 0;
    const usd =
      billed.inputTokens * price.input +
      billed.outputTokens * price.output +
      billed.cacheReadInputTokens * price.cacheRead +
      (billed.cacheWriteInputTokens - hour) * price.cacheWrite +
      hour * (price.cacheWriteHour ?? Number.NaN);
    return sum + usd / 1e6;
  }, 0);
}

/** Looks again until what it sees is as wanted. @throws Error with the last sight when it never is. */
export async function until<T>(look: () => T | Promise<T>, wanted: (seen: T) => boolean, ms = 60_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (Date.now() > end) throw new Error(`not so after ${ms} ms: ${JSON.stringify(seen).slice(0, 1000)}`);
    await sleep(200);
  }
}
