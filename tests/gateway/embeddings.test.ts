import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";
import { embeddingModel } from "../../config";
import { planRows, type ActivityPage } from "../../functions/usage-report/usage";
import { runCommand } from "../engine/support/command";
import { installed } from "./prisma/paths";
import type { BedrockRequest } from "./stand-ins/bedrock";
import { vectorOf } from "./stand-ins/titan";
import { Client, useClient, type Answer, type Ask } from "./support/client";
import { departmentState, onboard, profileOf, up, type Declared, type People } from "./support/departments";
import { world } from "./support/hooks";
import { openAiEnvironment } from "./support/openai";
import { spendOf, until } from "./support/spend";

const path = "/v1/embeddings";
const department = "embeddings";
const text = "export const total = (items) => items.length;";

interface Vectors {
  readonly object: string;
  readonly model: string;
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] }[];
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}
const bodyOf = ({ body }: Answer) => body as Vectors;

/** What AWS bills for calls. */
const billedUsd = (calls: readonly BedrockRequest[]) =>
  calls.reduce((sum, { billed }) => sum + ((billed?.inputTokens ?? 0) * embeddingModel.price) / 1e6, 0);

describe("embeddings, where the stack file opens them", () => {
  const client = useClient(world);
  let key: string;

  const ask = ({ more, ...own }: Partial<Ask> & { readonly input?: unknown } = {}) =>
    client.chat({
      key,
      path,
      model: "embedding",
      ...own,
      more: { messages: undefined, max_tokens: undefined, input: own.input ?? text, ...more },
    });
  const people = (name: string, who: People = { a: {} }, declared: Declared = {}) =>
    onboard(world(), departmentState(name, who, { embeddings: true, ...declared }));

  before(async () => {
    key = (await people(department))["a"]!;
  });

  const sdks = {
    Python: () => [installed("GATEWAY_PYTHON"), resolve(__dirname, "support/openai_embeddings.py")],
    JavaScript: () => [process.execPath, resolve(__dirname, "support/openai-embeddings.cjs")],
  } as const;
  for (const [language, program] of Object.entries(sdks)) {
    it(`serves OpenAI's ${language} SDK with its defaults, which ask for base64`, async () => {
      const [command, ...file] = program() as [string, string];
      const more = ["first text", "second text, longer"];
      const run = await runCommand(command, [...file, text, ...more], {
        cwd: "/",
        env: { ...openAiEnvironment(key), GATEWAY_NODE_MODULES: installed("GATEWAY_NODE_MODULES") },
        deadlineMs: 120_000,
      });
      assert.equal(run.code, 0, run.stderr);
      const [one, many, refused] = run.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
      const tokens = (texts: readonly string[]) => texts.reduce((sum, each) => sum + Math.ceil(each.length / 4), 0);
      const common = { model: "embedding" };
      assert.deepEqual(one, { ...common, vectors: [vectorOf(text)], order: [0], tokens: tokens([text]) });
      const vectors = more.map((each) => vectorOf(each, 256));
      assert.deepEqual(many, { ...common, vectors, order: [0, 1], tokens: tokens(more) });
      assert.match(String(refused), /dimensions: allowed 1024, 512, 256/);
    });
  }

  it("go to Bedrock through the department's own profile, text by text, with nothing else", async () => {
    const { bedrock } = world();
    const from = bedrock.requests.length;
    const input = ["one", "two", "three"];
    const answer = await ask({
      input,
      more: { input, dimensions: 512, user: "somebody-else", encoding_format: "float" },
    });
    assert.equal(answer.status, 200, Client.words(answer));
    const { data, model, object, usage } = bodyOf(answer);
    assert.deepEqual([object, model, usage.prompt_tokens, usage.total_tokens], ["list", "embedding", 4, 4]);
    assert.deepEqual(
      data.map(({ index, embedding }) => [index, embedding]),
      input.map((each, at) => [at, vectorOf(each, 512)]),
    );
    const calls = bedrock.requests.slice(from);
    assert.deepEqual(
      calls.map(({ model: called, body, region, accessKeyId }) => ({ called, body, region, accessKeyId })),
      input.map((inputText) => ({
        called: profileOf(department, "embedding"),
        body: { inputText, dimensions: 512 },
        region: "ap-northeast-1",
        accessKeyId: "AKIAGATEWAYTASKROLE0",
      })),
    );
    assert.doesNotMatch(JSON.stringify(answer.headers), /arn:|titan/);
  });

  it("are booked on the key's owner at the catalogue's price, and stand in the usage report by their name", async () => {
    const own = "embeddings-booked";
    const keys = await people(own, { a: {}, b: {} });
    const { bedrock } = world();
    const from = bedrock.requests.length;
    for (const input of [text.repeat(50), [text, text.repeat(200)]]) {
      const answer = await ask({ key: keys["b"]!, input, more: { input, user: "a" } });
      assert.equal(answer.status, 200, Client.words(answer));
    }
    const calls = bedrock.requests.slice(from);
    assert.equal(calls.length, 3);
    const rows = await until(
      () => spendOf(world(), own),
      (found) => found.length === 2,
    );
    for (const { tier, developer, outputTokens } of rows)
      assert.deepEqual([tier, developer, outputTokens], ["embedding", "b", 0]);
    const usd = rows.reduce((sum, row) => sum + row.usd, 0);
    assert.ok(usd > 0 && Math.abs(usd - billedUsd(calls)) < 1e-12, `${usd} of ${billedUsd(calls)} dollars`);
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const [reported] = await until(
      async () => planRows(own, [(await world().litellm().teamActivity(own, day(-1), day(1), 1)) as ActivityPage]),
      (found) => found.length === 1 && found[0]!.requests === 2,
      120_000,
    );
    assert.deepEqual([reported!.developer, reported!.model, reported!.outputTokens], ["b", "embedding", 0]);
    assert.ok(Math.abs(reported!.spendUsd - usd) < 1e-9);
  });

  it("end with a share that is spent, whatever spent it, and count towards it", async () => {
    const own = "embeddings-poor";
    const keys = await people(own, { poor: { monthlyBudgetUsd: 0.01 }, busy: { monthlyBudgetUsd: 0.01 } });
    world().bedrock.plan(profileOf(own, "light"), { input: { inputTokens: 5000 }, outputTokens: 3000 });
    const chat = { key: keys["poor"]!, more: { max_tokens: 3000 } };
    assert.equal((await client.chat(chat)).status, 200);
    const after = await until(
      () => ask({ key: keys["poor"]! }),
      ({ status }) => status !== 200,
    );
    assert.equal(after.status, 422, Client.words(after));
    // 30 texts of 8,000 tokens cost $.0048.
    const input = Array.from({ length: 30 }, (_, at) => `${at}`.padEnd(32_000, "x"));
    let served = 0;
    let last = await ask({ key: keys["busy"]!, input });
    for (; last.status === 200 && served < 6; served++) {
      await sleep(2000);
      last = await ask({ key: keys["busy"]!, input });
    }
    assert.equal(last.status, 422, Client.words(last));
    assert.ok(served >= 2 && served <= 3, `${served} requests were served`);
    assert.equal((await client.chat({ key: keys["busy"]! })).status, 422);
  });

  it("are within the requests a minute of a developer", async () => {
    const keys = await people("embeddings-slow", { a: { rpm: 2 } });
    const answers: Answer[] = [];
    for (let at = 0; at < 3; at++) answers.push(await ask({ key: keys["a"]! }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 429],
    );
  });

  it("take no model of another kind, and no conversation takes theirs", async () => {
    const from = world().bedrock.requests.length;
    for (const model of [
      "light",
      "strong",
      embeddingModel.id,
      `bedrock/${embeddingModel.id}`,
      "text-embedding-3-small",
    ]) {
      const answer = await ask({ model });
      assert.equal(answer.status, 400, Client.words(answer));
      assert.match(answer.text, /model: allowed embedding/);
    }
    for (const conversation of ["/v1/chat/completions", "/v1/messages"]) {
      const answer = await client.chat({ key, model: "embedding", path: conversation });
      assert.equal(answer.status, 400, Client.words(answer));
      assert.match(answer.text, /model: allowed light, standard, strong/);
    }
    assert.equal(world().bedrock.requests.length, from);
  });

  it("are closed to a department without their profile, until its stack makes one, and from when it is gone", async () => {
    const own = "embeddings-later";
    const closed = departmentState(own, { a: {} });
    const later = (await onboard(world(), closed))["a"]!;
    const from = world().bedrock.requests.length;
    const refused = await ask({ key: later });
    assert.ok([401, 403].includes(refused.status), Client.words(refused));
    assert.equal(world().bedrock.requests.length, from);
    await up(world(), departmentState(own, { a: {} }, { embeddings: true }));
    await until(
      () => ask({ key: later }),
      ({ status }) => status === 200,
    );
    assert.equal(world().bedrock.requests.at(-1)!.model, profileOf(own, "embedding"));
    await up(world(), closed);
    await until(
      () => ask({ key: later }),
      ({ status }) => status !== 200,
    );
    // Workers forget a key after five seconds.
    await sleep(6000);
    const again = await ask({ key: later });
    assert.ok([401, 403].includes(again.status), Client.words(again));
  });

  it("are refused to a department with a guardrail, and to a key that nobody has", async () => {
    const keys = await people("guarded-vectors");
    const from = world().bedrock.requests.length;
    const guarded = await ask({ key: keys["a"]! });
    assert.equal(guarded.status, 403, Client.words(guarded));
    assert.match(guarded.text, /guardrail/);
    assert.equal((await ask({ key: "sk-0123456789abcdef" })).status, 401);
    assert.equal(world().bedrock.requests.length, from);
  });

  it("are tried once more when Bedrock throttles, and answered 429 when it goes on", async () => {
    const { bedrock } = world();
    const profile = profileOf(department, "embedding");
    bedrock.failNext(profile, 1);
    const served = await ask();
    assert.equal(served.status, 200, Client.words(served));
    bedrock.failNext(profile, 10);
    const throttled = await ask();
    bedrock.failNext(profile, 0);
    assert.equal(throttled.status, 429, Client.words(throttled));
    assert.doesNotMatch(throttled.text, /arn:aws/);
  });

  it("answer a text that is too long for the model in Bedrock's words, once", async () => {
    const from = world().bedrock.requests.length;
    const answer = await ask({ input: "x".repeat(40_000) });
    assert.equal(answer.status, 400, Client.words(answer));
    assert.match(answer.text, /Too many input tokens/);
    assert.equal(world().bedrock.requests.length, from + 1);
  });

  it("share ten places", async () => {
    const { bedrock } = world();
    const own = "embeddings-many";
    const keys = await people(own);
    const profile = profileOf(own, "embedding");
    bedrock.plan(profile, { firstByteMs: 300 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask({ key: keys["a"]! })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.ok(bedrock.mostInFlight(profile) <= 10, `${bedrock.mostInFlight(profile)} in flight`);
    assert.ok(bedrock.mostInFlight(profile) > 1);
  });

  it("take as many texts as are allowed, and no more", async () => {
    const input = Array.from({ length: 128 }, (_, at) => `text ${at}`);
    const answer = await ask({ input });
    assert.equal(answer.status, 200, Client.words(answer));
    assert.deepEqual(
      bodyOf(answer).data.map(({ embedding }) => embedding),
      input.map((each) => vectorOf(each)),
    );
    const more = await ask({ input: [...input, "one more"] });
    assert.equal(more.status, 400);
    assert.match(more.text, /found 129 texts; allowed are at most 128/);
  });

  it("are told by the list of models, by their kind, price and length", async () => {
    const found = await new Promise<string>((done, failed) => {
      const [ca, headers] = [readFileSync(world().certificates.ca), { authorization: `Bearer ${key}` }];
      get(new URL("/v1/model/info", world().url), { ca, headers }, (answer) => {
        let told = "";
        answer.on("data", (part: Buffer) => (told += part.toString()));
        answer.once("end", () => done(told));
      }).once("error", failed);
    });
    const { data } = JSON.parse(found) as { data: { model_name: string; model_info: Record<string, unknown> }[] };
    assert.deepEqual(data.map(({ model_name }) => model_name).sort(), ["embedding", "light", "standard", "strong"]);
    const {
      mode,
      input_cost_per_token: price,
      output_vector_size: length,
    } = data.find(({ model_name }) => model_name === "embedding")!.model_info;
    assert.deepEqual([mode, price, length], ["embedding", 2e-8, 1024]);
    assert.doesNotMatch(found, /arn:|titan/);
  });
});
