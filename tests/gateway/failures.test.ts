import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { planConfig } from "../../components/gateway/litellm-config";
import { configurationPlan } from "../../compose";
import { modelTiers, planModel } from "../../config";
import { useClient } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { canary, reconciler } from "./support/functions";
import type { Gateway } from "./support/gateway";
import { world } from "./support/hooks";
import { answeredUsd, Load, settled, summary, type Sent } from "./support/load";
import { readiness, Watch } from "./support/watch";
import { pinEach, workersOf, type Pinned } from "./support/workers";

/** Tokens of each answer, so that what Bedrock has answered has a price. */
const input = { inputTokens: 1000 };
const outputTokens = 40;
const perSecond = 4;
const people = ["anna", "bert", "cleo"];

/** A call that costs 1.1 cents. */
const centAndABit = { outputTokens: 2000, text: "word ".repeat(1600) };

const say = (text: string) => console.info(`      ${text}`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const failed = (sent: readonly Sent[]) => sent.filter(({ ok }) => !ok);
const between = (sent: readonly Sent[], from: number, to = Infinity) => sent.filter(({ at }) => at >= from && at < to);
const howFailed = (sent: readonly Sent[]) => [...new Set(failed(sent).map(({ status }) => status))];

/** Milliseconds from `since` to the last request that failed: when all was well again. */
const wellAfter = (sent: readonly Sent[], since: number) => Math.max(0, ...failed(sent).map(({ at }) => at - since));

/** Nothing else has failed than what was under way at the kill, or went out on a connection whose end was not yet known. */
function assertInFlight(sent: readonly Sent[], killed: number): void {
  for (const { at, ms, words } of sent) assert.ok(at < killed + 1000 && at + ms > killed - 50, words);
}

describe("when something of the gateway fails", () => {
  const client = useClient(world);

  before(async () => {
    // Makes the canary's key.
    await reconciler().handler({});
  });

  /** A department that has been under a steady load for a while, whose every answer has the same price. */
  async function underLoad(department: string, firstByteMs = 0): Promise<Load> {
    const keys = await onboard(world(), departmentState(department, Object.fromEntries(people.map((id) => [id, {}]))));
    for (const tier of modelTiers)
      world().bedrock.plan(profileOf(department, tier), { input, outputTokens, firstByteMs });
    const load = new Load(
      client,
      people.map((id) => keys[id]!),
      perSecond,
    );
    await sleep(6000);
    return load;
  }

  /** How much of what Bedrock has answered is missing where the most is, once nothing more is written. Nowhere may more be counted. */
  async function lostUsd(department: string): Promise<number> {
    const usd = () => answeredUsd(world(), department, input.inputTokens, outputTokens);
    const found = await settled(world(), department, usd);
    const places = Object.entries(found.spend) as [string, number][];
    say(
      `spent ${found.usd.toFixed(4)} dollars; after ${found.seconds.toFixed(0)} s ` +
        places.map(([where, spent]) => `${where} ${spent.toFixed(4)}`).join(", "),
    );
    for (const [where, spent] of places) assert.ok(spent < found.usd + 1e-9, `${where}: more than was answered`);
    return found.usd - Math.min(...places.map(([, spent]) => spent));
  }

  const watches = (load: Load) => ({
    ready: new Watch(
      () => Promise.all(world().gateways.map(readiness)),
      () => load.now,
      500,
    ),
    vitals: new Watch(
      () => canary().handler(),
      () => load.now,
      2000,
    ),
  });

  it("without its database for 30 s it answers 503, loses nothing of what was spent, and is well by itself", async () => {
    const load = await underLoad("no-database");
    const { ready, vitals } = watches(load);
    const gone = load.now;
    world().postgres.halt();
    await sleep(30_000);
    world().postgres.boot();
    const back = load.now;
    await sleep(20_000);
    const sent = await load.stop();
    const [readinessSeen, vitalsSeen] = [await ready.stop(), await vitals.stop()];
    say(`before: ${summary(sent, 0, gone)}`);
    for (const [from, to] of [
      [0, 5],
      [5, 15],
      [15, 30],
    ] as const)
      say(`${from} to ${to} s without: ${summary(sent, gone + 1000 * from, Math.min(back, gone + 1000 * to))}`);
    say(`after its return: ${summary(sent, back)}; well after ${seconds(wellAfter(sent, back))}`);
    say(`readiness ${ready.told(gone)}`);
    say(`canary ${vitals.told(gone)}`);

    assert.deepEqual(howFailed(sent), [503]);
    assert.match(failed(sent)[0]!.words, /database is temporarily unreachable/);
    assert.ok(wellAfter(sent, back) < 15_000, "not well 15 s after the return");
    assert.ok(readinessSeen.some((both) => both.every((status) => status === 503)));
    assert.deepEqual(readinessSeen.at(-1), [200, 200]);
    for (const vital of ["VirtualKeyAccepted", "Ready"] as const)
      assert.ok(
        vitalsSeen.some((seen) => seen[vital] === 0),
        `the canary never saw ${vital} gone`,
      );
    assert.deepEqual(vitalsSeen.at(-1), { VirtualKeyAccepted: 1, Ready: 1 });
    assert.ok((await lostUsd("no-database")) < 1e-9, "spend was lost");
  });

  it("without its cache it goes on for a minute, then answers 503; budgets stop, no spend is lost, and it is well by itself", async function () {
    this.timeout(300_000);
    const department = "no-cache";
    const poor = `${department}-poor`;
    const share = { monthlyBudgetUsd: 0.02 };
    const key = (await onboard(world(), departmentState(poor, { paul: share }, share)))["paul"]!;
    world().bedrock.plan(profileOf(poor, "light"), centAndABit);
    const costly = async () => (await client.chat({ key, more: { max_tokens: 2000 } })).status;
    const load = await underLoad(department);
    const { ready, vitals } = watches(load);
    const workers = world().gateways.map(workersOf);
    const gone = load.now;
    await world().redis.server.stop("SIGKILL");
    await sleep(5000);
    const calls: number[] = [];
    for (let call = 0; call < 16 && load.now < gone + 45_000; call++) calls.push(await costly());
    await sleep(Math.max(0, gone + 75_000 - load.now));
    await world().redis.server.restart();
    const back = load.now;
    await sleep(20_000);
    const sent = await load.stop();
    await ready.stop();
    const vitalsSeen = await vitals.stop();
    const served = calls.filter((status) => status === 200).length;
    say(`before: ${summary(sent, 0, gone)}`);
    for (const [from, to] of [
      [0, 10],
      [10, 30],
      [30, 50],
      [50, 65],
      [65, 75],
    ] as const)
      say(`${from} to ${to} s without: ${summary(sent, gone + 1000 * from, gone + 1000 * to)}`);
    say(`after its return: ${summary(sent, back)}; well after ${seconds(wellAfter(sent, back))}`);
    say(`readiness ${ready.told(gone)}`);
    say(`canary ${vitals.told(gone)}`);
    say(`a share of two calls let ${served} of ${calls.length} through, on ${workers.flat().length} workers`);
    // Python 3.11 crashes here in one run of three (python/cpython#148891: it collects garbage while a context variable is set); 3.13 was not seen to.
    assert.deepEqual(world().gateways.map(workersOf), workers, "a worker has died");
    const grace = between(sent, gone, gone + 40_000);
    assert.deepEqual(
      failed(grace).map(({ words }) => words),
      [],
    );
    const middle = grace.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(grace.length / 2)]!;
    assert.ok(middle < 10_000, `requests wait for the cache: ${seconds(middle)} in the middle`);
    assert.deepEqual(howFailed(sent), [503]);
    assert.match(failed(sent)[0]!.words, /limits cannot be kept at the moment/);
    assert.ok(failed(between(sent, gone + 65_000, back)).length > 0, "requests go on after the grace time");
    assert.ok(wellAfter(sent, back) < 15_000, "not well 15 s after the return");
    for (const { name, log } of world().gateways)
      assert.match(readFileSync(log, "utf8"), /admission_unavailable/, `${name} wrote nothing to alarm on`);
    assert.deepEqual(vitalsSeen.at(-1), { VirtualKeyAccepted: 1, Ready: 1 });
    // Without a cache each worker counts by itself.
    assert.ok(served <= 2 * workers.flat().length, `${served} calls were served`);
    assert.ok((await lostUsd(department)) < 1e-9, "spend was lost");
    assert.equal(await costly(), 422, "a share that is spent stops nobody after the cache's return");
  });

  it("a killed worker loses what it had in flight and nothing else; it is replaced, and its places come back", async () => {
    const [gateway] = world().gateways as [Gateway];
    const load = await underLoad("no-worker", 300);
    const slow = (await onboard(world(), departmentState("slow", { hans: {} })))["hans"]!;
    world().bedrock.plan(profileOf("slow", "strong"), { firstByteMs: 300_000 });
    const pinned = (await pinEach(gateway)) as [Pinned, Pinned];
    const [{ worker, agent }, other] = pinned;
    const ask = (own: typeof agent) => client.chat({ key: slow, model: "strong", url: gateway.url, agent: own });
    const cut = ask(agent).then(
      ({ status }) => status,
      () => 0,
    );
    while (places("strong") === 0) await sleep(100);
    const killed = load.now;
    process.kill(worker, "SIGKILL");
    assert.equal(await cut, 0);
    const fresh = await replaced(gateway);
    const after = load.now - killed;
    await sleep(Math.max(0, killed + 35_000 - load.now));
    world().bedrock.plan(profileOf("slow", "strong"), undefined);
    assert.equal((await ask(other.agent)).status, 200);
    const sent = await load.stop();
    for (const one of [...pinned, ...fresh]) one.agent.destroy();
    say(`${summary(sent)}; another worker served after ${seconds(after)}`);

    assert.ok(fresh.every((one) => one.worker !== worker));
    assertInFlight(failed(sent), killed);
    while (places("strong") > 0 && load.now < killed + 60_000) await sleep(500);
    assert.equal(places("strong"), 0, "a dead worker's place is still taken");
    const lost = await lostUsd("no-worker");
    say(`lost ${lost.toFixed(4)} dollars`);
    assert.ok(lost < mostLost(1 / 4), `${lost} dollars`);
  });

  it("a killed task loses what it had in flight and nothing else: the other answers everything", async () => {
    const [gateway] = world().gateways as [Gateway];
    const load = await underLoad("no-task", 300);
    const killed = load.now;
    await gateway.server.stop("SIGKILL");
    // In the load balancer's place, whose health checks take longer to notice.
    world().balancer.deregister(gateway.ports);
    await sleep(20_000);
    const sent = await load.stop();
    say(summary(sent));
    const [lost] = await Promise.all([lostUsd("no-task"), gateway.server.restart()]);
    world().balancer.register(gateway.ports);
    say(`lost ${lost.toFixed(4)} dollars`);

    assertInFlight(failed(sent), killed);
    assert.ok(lost < mostLost(1 / 2), `${lost} dollars`);
  });

  /** Waits until both workers of a task serve. @returns a connection to each. @throws Error after three minutes. */
  async function replaced(gateway: Gateway): Promise<Pinned[]> {
    for (let second = 0; second < 180; second++) {
      const fresh = workersOf(gateway).length === 2 ? await pinEach(gateway).catch(() => []) : [];
      if (fresh.length === 2) return fresh;
      await sleep(1000);
    }
    throw new Error(`${gateway.name}: the worker was not replaced`);
  }

  /** How many places of a model group are taken, over all workers. */
  function places(tier: string): number {
    const { port, password } = world().redis;
    const call = ["--tls", "--cacert", world().certificates.ca, "-h", "localhost", "-p", String(port)];
    const env = { ...process.env, REDISCLI_AUTH: password };
    return Number(
      execFileSync("redis-cli", [...call, "ZCARD", `cline:{${tier}}:leases`], { encoding: "utf8", env }).trim(),
    );
  }

  /** Dollars that a part of the workers may lose when killed: their answers since they last wrote what was spent, with as much time again. */
  const mostLost = (part: number) => {
    const { general_settings: general } = planConfig(configurationPlan(world().spec, world().spec.gateway!));
    const { price } = planModel(world().spec.platform, "light");
    const eachUsd = (input.inputTokens * price.input + outputTokens * price.output) / 1e6;
    return part * 2 * general.proxy_batch_write_at * perSecond * eachUsd * 2;
  };
});
