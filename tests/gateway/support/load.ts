import { setTimeout as sleep } from "node:timers/promises";
import { modelTiers, planModel } from "../../../config";
import { Client } from "./client";
import { profileOf } from "./departments";
import type { World } from "./world";

/** One request of a steady load, and what became of it. Times are milliseconds of the load's own clock. */
export interface Sent {
  readonly at: number;
  readonly ms: number;
  readonly stream: boolean;
  /** HTTP status; 0 when the connection broke. */
  readonly status: number;
  /** Answered to its end: a stream that breaks off has been 200 all the same. */
  readonly ok: boolean;
  readonly words: string;
}

/** Requests at a steady pace, whatever becomes of those before: keys in turn, every other one streamed. */
export class Load {
  readonly sent: Sent[] = [];
  private readonly started = performance.now();
  private readonly running: Promise<void>[] = [];
  private ended = false;
  private readonly loop: Promise<void>;

  constructor(
    private readonly client: Pick<Client, "chat">,
    private readonly keys: readonly string[],
    perSecond: number,
  ) {
    this.loop = this.run(1000 / perSecond);
  }

  /** Milliseconds since the load began. */
  get now(): number {
    return performance.now() - this.started;
  }

  /** Sends no more, and waits for what is under way. */
  async stop(): Promise<readonly Sent[]> {
    this.ended = true;
    await this.loop;
    await Promise.all(this.running);
    return this.sent.sort((a, b) => a.at - b.at);
  }

  private async run(everyMs: number): Promise<void> {
    for (let nth = 0; !this.ended; nth++) {
      await sleep(Math.max(0, nth * everyMs - this.now));
      this.running.push(this.send(nth));
    }
  }

  private async send(nth: number): Promise<void> {
    const at = this.now;
    const stream = nth % 2 === 1;
    const end = (status: number, ok: boolean, words: string) =>
      this.sent.push({ at, ms: this.now - at, stream, status, ok, words });
    try {
      const answer = await this.client.chat({ key: this.keys[nth % this.keys.length]!, stream });
      const ok = answer.status === 200 && (!stream || answer.text.includes("[DONE]"));
      end(answer.status, ok, ok ? "" : Client.words(answer));
    } catch (error) {
      end(0, false, String(error));
    }
  }
}

/** How requests of a span went, in one line: how many, how many failed with what, how long they took. */
export function summary(sent: readonly Sent[], from = 0, until = Infinity): string {
  const own = sent.filter(({ at }) => at >= from && at < until);
  const failed = new Map<string, number>();
  for (const { ok, status } of own) {
    const how = status === 200 ? "a stream cut" : status === 0 ? "a connection cut" : String(status);
    if (!ok) failed.set(how, (failed.get(how) ?? 0) + 1);
  }
  const ms = own.map((one) => one.ms).sort((a, b) => a - b);
  const at = (part: number) => ((ms[Math.floor(part * (ms.length - 1))] ?? 0) / 1000).toFixed(2);
  const failures = [...failed].map(([how, times]) => `${times} times ${how}`).join(", ") || "none failed";
  return `${own.length} requests, ${failures}; ${at(0.5)} s in the middle, ${at(0.95)} s for 95 %, ${at(1)} s at most`;
}

/** What of a department's spend stands where, in dollars: each sum should be what Bedrock has answered. */
export interface Spend {
  readonly keys: number;
  readonly members: number;
  readonly team: number;
  readonly logs: number;
  readonly days: number;
}

/** The department's spend as LiteLLM's database has it. */
export function spendIn(world: World, department: string): Spend {
  const sum = (table: string) => `(SELECT coalesce(sum(spend), 0) FROM "${table}" WHERE team_id = '${department}')`;
  const tables = ["VerificationToken", "TeamMembership", "TeamTable", "SpendLogs", "DailyTeamSpend"];
  const row = world.postgres.sql(
    world.plan.database.name,
    `SELECT ${tables.map((one) => sum(`LiteLLM_${one}`)).join()}`,
  );
  const [keys, members, team, logs, days] = row.split("|").map(Number) as [number, number, number, number, number];
  return { keys, members, team, logs, days };
}

/** What Bedrock's stand-in has answered to a department, at the catalogue's prices. */
export function answeredUsd(world: World, department: string, input: number, output: number): number {
  const dollars = modelTiers.map((tier) => {
    const { price } = planModel(world.spec.platform, tier);
    const answers = world.bedrock.requests.filter(
      ({ model, status, failed }) => model === profileOf(department, tier) && status === 200 && failed === undefined,
    );
    return (answers.length * (input * price.input + output * price.output)) / 1e6;
  });
  return dollars.reduce((all, one) => all + one, 0);
}

export const sameUsd = (a: number, b: number) => Math.abs(a - b) < 1e-9;

/** Waits until every place has the same spend, or no longer. @returns what stands where at last, and after how many seconds. */
export async function settled(
  world: World,
  department: string,
  usd: () => number,
  patienceSeconds = 60,
): Promise<{ readonly spend: Spend; readonly usd: number; readonly seconds: number }> {
  const started = performance.now();
  for (;;) {
    const spend = spendIn(world, department);
    const seconds = (performance.now() - started) / 1000;
    const whole = Object.values(spend).every((one: number) => sameUsd(one, usd()));
    if (whole || seconds > patienceSeconds) return { spend, usd: usd(), seconds };
    await sleep(500);
  }
}
