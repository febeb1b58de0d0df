import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { requestLimits } from "../../components/gateway/bounds";
import { Client, useClient, type Answer } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { KeySecret } from "./support/functions";
import { world } from "./support/hooks";
import { redisSays } from "./support/redis";
import { until } from "./support/spend";

const tier = "standard";
const callMs = 1500;
/** Calls of each of the nine, one after the other. The first is not compared: at first the tenth holds all places until they are returned. */
const rounds = 7;
const calls = 60;
const ids = Array.from({ length: 9 }, (_, at) => `dev-${at}`);
const departments = ["crowd", "alone"] as const;

const p95 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(0.95 * values.length)]!;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("fair share of a saturated model", () => {
  const client = useClient(world);
  let keys: Readonly<Record<string, string>>;
  let tenths: readonly string[];
  let other: string;
  let most: number;

  before(async () => {
    most = world().spec.gateway!.queue.places[tier];
    const people = Object.fromEntries([...ids, "tenth"].map((id) => [id, {}]));
    keys = await onboard(world(), departmentState("crowd", people));
    other = (await onboard(world(), departmentState("alone", { only: {} })))["only"]!;
    // The tenth's second key: the one before works on for a day.
    tenths = [keys["tenth"]!, await new KeySecret(world(), "crowd", "tenth").rotate()];
    for (const department of departments) world().bedrock.plan(profileOf(department, tier), { firstByteMs: callMs });
    const all = [...Object.values(keys), ...tenths, other];
    // The workers know the keys: the crowd waits for places, not for the database.
    await Promise.all(
      all.flatMap((key) =>
        world().gateways.flatMap(({ url }) => [1, 2].map(() => client.chat({ key, model: "light", url }))),
      ),
    );
  });

  const send = (key: string, at: number) =>
    client.chat({ key, model: tier, url: world().gateways[at % world().gateways.length]!.url });

  async function oneAfterTheOther(key: string, at: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let round = 0; round < rounds; round++) answers.push(await send(key, at + round));
    return answers;
  }

  const members = (kind: "leases" | "waiting") =>
    Number(redisSays(world().redis, world().certificates, "zcard", `cline:{${tier}}:${kind}`));

  /** The nine and the other department's one beside so many calls of the tenth, each of which is followed by another until they are done. */
  async function beside(inFlight: number) {
    const state = { done: false };
    const places: number[] = [];
    const look = async () => {
      while (!state.done) {
        await sleep(400);
        places.push(members("leases"));
      }
    };
    const again = async (nth: number): Promise<Answer[]> => {
      const answers: Answer[] = [];
      // By both keys to both tasks: no worker gets more of one key than the edge admits, however a task shares them out.
      do answers.push(await send(tenths[(nth >> 1) % tenths.length]!, nth));
      while (!state.done);
      return answers;
    };
    const tenth = Array.from({ length: inFlight }, (_, nth) => again(nth));
    // The queue is compared, not the time that LiteLLM takes for 60 calls at once.
    await until(
      () => members("leases") + members("waiting"),
      (count) => count >= inFlight,
    );
    const looking = look();
    const only = oneAfterTheOther(other, 1);
    const nine = await Promise.all(ids.map((id, at) => oneAfterTheOther(keys[id]!, at)));
    state.done = true;
    await looking;
    assert.ok(Math.max(...places) <= most, `${Math.max(...places)} places`);
    const answers = { nine: nine.flat(), only: await only, tenth: (await Promise.all(tenth)).flat() };
    const refused = Object.values(answers)
      .flat()
      .filter(({ status }) => status !== 200);
    assert.deepEqual(
      refused.map((answer) => Client.words(answer)),
      [],
    );
    const waits = (of: readonly Answer[]) => of.map(({ ms }) => (ms - callMs) / 1000);
    const later = waits(nine.flatMap((own) => own.slice(1)));
    const firsts = waits(nine.map(([first]) => first!));
    return { nine: later, firsts, only: waits(answers.only), tenth: answers.tenth.length, places: mean(places) };
  }

  it("makes nobody wait because a colleague sends 60 calls, uses all places, and serves the 60", async () => {
    assert.ok(calls <= tenths.length * world().gateways.length * requestLimits.perKey);
    const quiet = await beside(1);
    const busy = await beside(calls);
    const ratio = p95(busy.nine) / p95(quiet.nine);
    for (const [name, found] of Object.entries({ quiet, busy })) {
      console.info(
        `      ${name}: wait of nine p95 ${p95(found.nine).toFixed(2)} s, median ${median(found.nine).toFixed(2)} s, first at most ` +
          `${Math.max(...found.firsts).toFixed(2)} s; of the other department's one ` +
          `${median(found.only).toFixed(2)} s; ${found.places.toFixed(2)} of ${most} places in use; ${found.tenth} calls of the tenth served`,
      );
    }
    console.info(`      p95 of the nine beside 60 to beside one: ${ratio.toFixed(2)}`);
    assert.ok(ratio <= 1.5, `${ratio}`);
    assert.ok(busy.places > 0.95 * most, `${busy.places} places`);
    assert.ok(busy.tenth > calls, `${busy.tenth} calls`);
    // The other department shares with ten, not with 69 calls, nor with ten people.
    assert.ok(median(busy.only) < 0.75 * median(busy.nine));
  });
});
