import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { issueCertificate } from "../support/certificate";
import type { Plan } from "./stand-ins/answer";
import { OtlpStandIn } from "./stand-ins/otlp";
import { Batches } from "./support/batches";
import { useClient, type Answer, type Ask } from "./support/client";
import { startCollector, type RunningCollector } from "./support/collector";
import { departmentState, onboard } from "./support/departments";
import { world } from "./support/hooks";
import { Plantation, type Sighting } from "./support/planted";
import { wordedCases } from "./support/requests-with-words";
import { RedisListener, sinksOf, type Sinks } from "./support/sinks";
import { bookedOn, until } from "./support/spend";
import type { WordedCase } from "./support/worded";

const keepsText: Readonly<Record<string, boolean>> = { "words-none": false, "words-kept": true };
const departments = Object.keys(keepsText);

const told = (sightings: readonly Sighting[]) =>
  sightings.map(({ label, sink, around }) => `${label}\n    in ${sink}: …${around}…`).join("\n");

describe("people's words", () => {
  const client = useClient(world);
  const planted = new Plantation();
  /** What Bedrock does with a request, by a word of its prompt. */
  const plans = new Map<string, Plan[]>();
  const answers: { readonly request: string; readonly department: string; readonly answer: Answer | undefined }[] = [];
  let langfuse: OtlpStandIn;
  let collector: RunningCollector | undefined;
  let sinks: Sinks;

  before(async function () {
    // Long enough to build the collector where it is not in the cache.
    this.timeout(20 * 60_000);
    const identity = await issueCertificate();
    langfuse = await new OtlpStandIn().start(identity);
    const routes = departments.map((department) => ({
      department,
      publicKey: `pk-lf-${department}`,
      secretKey: `sk-lf-${department}`,
      keepPromptText: keepsText[department] === true,
    }));
    collector = await startCollector(world().folder, routes, { url: langfuse.url, ca: identity.chain });
    world().otlp.onward = collector;
    world().bedrock.answer = ({ body }) => {
      const text = JSON.stringify(body);
      const own = [...plans].find(([word]) => text.includes(word))?.[1] ?? [];
      return (own.length > 1 ? own.shift() : own[0]) ?? {};
    };
    const redis = await RedisListener.start(world());
    planted.add(world().masterKey, "the gateway", "management", "master key");
    planted.add("salt-of-these-tests", "the gateway", "its start", "salt");
    await Promise.all(departments.map(everyCase));
    await batch();
    // Spend is written within ten seconds, spans every five.
    await sleep(15_000);
    sinks = { ...sinksOf(world()), "the cache": redis.stop() };
  });
  after(async () => {
    world().otlp.onward = undefined;
    world().bedrock.answer = () => ({});
    await collector?.server.stop();
    await langfuse.stop();
  });

  async function everyCase(department: string): Promise<void> {
    const keepPromptText = keepsText[department] === true;
    const state = departmentState(department, { anna: {} }, { keepPromptText, embeddings: true });
    const key = (await onboard(world(), state))["anna"]!;
    planted.add(key, department, "every request", "virtual key");
    await Promise.all(Object.entries(wordedCases).map(([name, one]) => send(department, key, name, one)));
  }

  async function send(department: string, key: string, request: string, one: WordedCase): Promise<void> {
    const plant = (place: string) => planted.plant(department, request, place);
    const asked: Ask = { key, ...one.ask(plant) };
    const words = planted.all.filter((each) => each.department === department && each.request === request);
    const prompt = words.find(({ label }) => label.endsWith(": prompt"))?.word;
    if (prompt !== undefined) plans.set(prompt, [...(one.plans?.(plant, prompt) ?? [{}])]);
    const leave = one.status === 0 ? AbortSignal.timeout(1500) : undefined;
    const answer = await client.chat({ ...asked, ...(leave && { signal: leave }) }).catch((error: unknown) => {
      if (leave?.aborted !== true) throw error;
      return undefined;
    });
    answers.push({ request, department, answer });
  }

  async function batch(): Promise<void> {
    const department = "words-none";
    const batches = await new Batches(world()).start();
    const plant = (place: string) => planted.plant(department, "a batch", place);
    try {
      const messages = [{ role: "user", content: plant("prompt") }];
      const line = { body: { model: "light", messages, max_tokens: 100 } };
      const lines = Array.from({ length: 100 }, (_, n) => ({ custom_id: `${plant("name")}-${n}`, ...line }));
      await batches.send(department, "anna", "good.jsonl", lines);
      await batches.send(department, "anna", "bad.jsonl", [{ [plant("field")]: plant("value") }]);
      for (const minutes of [0, 2]) await batches.run(minutes);
      await batches.bedrock.work();
      await batches.run();
      assert.equal((await batches.ledger(department)).jobs[0]?.state, "ended");
    } finally {
      await batches.stop();
    }
  }

  it("were sent on every way, and answered as each way is", () => {
    const found = answers.map(({ request, department, answer }) => [department, request, answer?.status ?? 0]);
    const wanted = answers.map(({ request, department }) => [department, request, wordedCases[request]?.status]);
    assert.deepEqual(found, wanted);
    assert.equal(answers.length, departments.length * Object.keys(wordedCases).length);
  });

  it("stand in no log, no row of the database and no value of the cache, and no key or secret does", () => {
    // A sink that does not even know who asked is not being read.
    for (const name of ["the database", "the cache"]) assert.match(sinks[name]!, /words-none/, name);
    for (const { log, name } of world().gateways) assert.ok(log.endsWith(`${name}.log`) && sinks[`${name}.log`] !== "");
    assert.ok(bookedOn(world(), "words-none").calls > 10, "too little was booked");
    const sightings = Object.entries(sinks).flatMap(([sink, text]) => planted.seenIn(sink, text));
    assert.equal(sightings.length, 0, told(sightings));
  });

  it("stand in the traces of a department that keeps them, and in nobody else's", async () => {
    const spansOf = (department: string) => {
      const basic = Buffer.from(`pk-lf-${department}:sk-lf-${department}`).toString("base64");
      return JSON.stringify(langfuse.spans.filter(({ authorization }) => authorization === `Basic ${basic}`));
    };
    await until(
      () => spansOf("words-none"),
      (text) => text.includes("chat "),
    );
    const sightings = departments.flatMap((department) =>
      planted.seenIn(
        `traces of ${department}`,
        spansOf(department),
        (one) => one.department !== department || keepsText[department] !== true || one.label.endsWith("key"),
      ),
    );
    assert.equal(sightings.length, 0, told(sightings));
    const kept = planted.seenIn("traces", spansOf("words-kept"), ({ label }) => label.endsWith("an answer: prompt"));
    assert.equal(kept.length, 1, "a department that keeps its text has none");
  });

  it("come back to the request that they went with, and to no other", () => {
    const sightings = answers.flatMap(({ answer, request, department }) =>
      planted.seenIn(
        `the answer to ${department}: ${request}`,
        answer?.text ?? "",
        (one) => one.department !== department || one.request !== request,
      ),
    );
    assert.equal(sightings.length, 0, told(sightings));
  });
});
