import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { resolve } from "node:path";
import { runCommand } from "../engine/support/command";
import { installed } from "./prisma/paths";
import { Client, useClient, type Answer, type Ask } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";
import { billedUsd, bookedOn, spendOf, until } from "./support/spend";

const path = "/v1/messages";

interface Message {
  readonly type: string;
  readonly model: string;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly stop_reason: string;
  readonly usage: Readonly<Record<string, number>> & { readonly cache_creation: Readonly<Record<string, number>> };
  readonly error?: { readonly type: string; readonly message: string };
}

/** Events of a stream, in order. */
const eventsOf = ({ text }: Answer) =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Record<string, unknown>);

const bodyOf = ({ body }: Answer) => body as Message;

describe("Anthropic's shape, where the stack file opens it", () => {
  const client = useClient(world);
  const department = "messages";
  let key: string;

  before(async () => {
    key = (await onboard(world(), departmentState(department, { a: {} })))["a"]!;
  });

  const ask = (more: Partial<Ask> & { readonly model?: string } = {}) => {
    const { stream, ...own } = more;
    const whole = { ...own.more, ...(stream && { stream: true }) };
    return client.chat({ key, path, ...own, more: whole });
  };

  /** What Anthropic's SDK got, by the functions of support/anthropic_client.py. */
  async function sdk(model: string, ...names: string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const program = resolve(__dirname, "support/anthropic_client.py");
    const run = await runCommand(installed("GATEWAY_PYTHON"), [program, model, ...names], {
      cwd: "/",
      env: {
        PATH: process.env["PATH"],
        ANTHROPIC_API_KEY: key,
        ANTHROPIC_BASE_URL: world().url,
        SSL_CERT_FILE: world().certificates.ca,
      },
      deadlineMs: 120_000,
    });
    assert.equal(run.code, 0, run.stderr);
    return run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it("serves Anthropic's SDK with its defaults, plain and streamed, by the tier's name", async () => {
    const [plain, streamed] = await sdk("standard", "plain", "streamed");
    const { billed } = world().bedrock.requests.at(-1)!;
    for (const found of [plain, streamed]) {
      assert.deepEqual(found, {
        text: "A short answer.",
        reason: "end_turn",
        model: "standard",
        input: billed!.inputTokens,
        output: billed!.outputTokens,
      });
    }
    assert.equal(world().bedrock.requests.at(-1)!.model, profileOf(department, "standard"));
  });

  it("carries thoughts with their signatures, tool calls and failed results through a conversation", async () => {
    const { bedrock } = world();
    bedrock.script(profileOf(department, "light"), [
      { text: "I read.", thinking: "Which file?", tools: [{ name: "read_file", input: { path: "a.ts" } }] },
    ]);
    const [found] = await sdk("light", "agent");
    assert.deepEqual(found, {
      first: ["thinking", "text", "tool_use"],
      reason: "tool_use",
      called: { path: "a.ts" },
      second: ["thinking", "text"],
    });
    const { body } = bedrock.requests.at(-1)!;
    const [, said, result] = body.messages;
    assert.deepEqual(
      said!.content.map((block) => Object.keys(block)[0]),
      ["reasoningContent", "text", "toolUse"],
    );
    assert.match(JSON.stringify(result), /Error:.*no such file/);
  });

  it("refuses in words that Anthropic's SDK takes for its own", async () => {
    const [found] = await sdk("light", "refused");
    assert.deepEqual(found, {
      refused: Array.from({ length: 3 }, () => ["BadRequestError", "invalid_request_error"]),
    });
  });

  for (const stream of [false, true]) {
    it(`books and reports what is written to the cache for an hour${stream ? ", streamed" : ""}`, async () => {
      const own = stream ? "messages-hour-stream" : "messages-hour";
      const keys = await onboard(world(), departmentState(own, { a: {} }));
      const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
      const more = {
        system: [{ type: "text", text: "You write programs. ".repeat(600), ...hour }],
        messages: [
          {
            role: "user",
            content: [{ type: "text", text: "Read this. ".repeat(800), cache_control: { type: "ephemeral" } }],
          },
        ],
      };
      const answer = await ask({ key: keys["a"]!, model: "standard", stream, more });
      assert.equal(answer.status, 200, Client.words(answer));
      const call = world().bedrock.requests.at(-1)!;
      const written = (ttl: string) => call.billed!.cacheDetails!.find((each) => each.ttl === ttl)!.inputTokens;
      const usage = stream
        ? (eventsOf(answer).find(({ type }) => type === "message_delta") as unknown as Message).usage
        : bodyOf(answer).usage;
      assert.deepEqual(usage, {
        input_tokens: call.billed!.inputTokens,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: call.billed!.cacheWriteInputTokens,
        cache_creation: { ephemeral_5m_input_tokens: written("5m"), ephemeral_1h_input_tokens: written("1h") },
        output_tokens: call.billed!.outputTokens,
      });
      const [row] = await until(
        () => spendOf(world(), own),
        (found) => found.length === 1,
      );
      assert.ok(Math.abs(row!.usd - billedUsd(world(), "standard", [call])) < 1e-9, `${row!.usd}`);
    });
  }

  it("falls back by the class of an error, and names the tier that answered", async () => {
    const { bedrock } = world();
    bedrock.failNext(profileOf(department, "strong"), 2);
    const other = await ask({ model: "strong" });
    assert.deepEqual([other.status, bodyOf(other).model], [200, "standard"], Client.words(other));
    const from = bedrock.requests.length;
    bedrock.failNext(profileOf(department, "strong"), 1, { error: "ValidationException", message: "not so" });
    const fault = await ask({ model: "strong" });
    assert.deepEqual([fault.status, bodyOf(fault).error?.type], [400, "invalid_request_error"], Client.words(fault));
    assert.equal(bedrock.requests.length, from + 1);
  });

  it("ends a stream that fails with Anthropic's own event", async () => {
    const { bedrock } = world();
    bedrock.script(profileOf(department, "light"), [
      { text: "word ".repeat(50), failure: { error: "ModelStreamErrorException", message: "gone", afterPieces: 2 } },
    ]);
    const answer = await ask({ stream: true });
    const types = eventsOf(answer).map(({ type }) => type);
    assert.deepEqual([answer.status, types[0], types.at(-1)], [200, "message_start", "error"], answer.text);
    assert.ok(!types.includes("message_stop"));
    assert.doesNotMatch(answer.text, /arn:aws/);
  });

  it("keeps a department's places", async () => {
    const profile = profileOf(department, "standard");
    const { bedrock } = world();
    bedrock.plan(profile, { firstByteMs: 300 });
    const before = bedrock.mostInFlight(profile);
    const answers = await Promise.all(Array.from({ length: 14 }, () => ask({ model: "standard" })));
    bedrock.plan(profile, undefined);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.ok(bedrock.mostInFlight(profile) <= Math.max(before, 5), `${bedrock.mostInFlight(profile)} in flight`);
  });

  it("applies the department's guardrail", async () => {
    const keys = await onboard(world(), departmentState("guarded", { a: {} }));
    const { bedrock } = world();
    const rail = { blocks: /forbidden/, onInput: "Not this question.", onOutput: "Not this answer." };
    bedrock.guardrails.set("gr1abc2def3g:3", rail);
    for (const stream of [false, true]) {
      const answer = await ask({ key: keys["a"]!, content: "a forbidden thing", stream });
      assert.equal(answer.status, 200, Client.words(answer));
      const said = stream
        ? eventsOf(answer).map(({ delta }) => (delta as { text?: string } | undefined)?.text ?? "")
        : bodyOf(answer).content.map(({ text }) => text);
      assert.equal(said.join(""), rail.onInput);
      assert.match(answer.text, /"stop_reason":"refusal"/);
    }
    bedrock.guardrails.clear();
    assert.equal((await ask({ key: keys["a"]! })).status, 400, "a guardrail that Bedrock lacks lets a call pass");
  });

  it("serves a large body through the process for such", async () => {
    const answer = await ask({ content: "word ".repeat(150_000) });
    assert.deepEqual([answer.status, bodyOf(answer).content[0]?.text], [200, "A short answer."], Client.words(answer));
  });

  it("answers 422 in Anthropic's shape when a share is spent", async () => {
    const keys = await onboard(world(), departmentState("messages-poor", { a: { monthlyBudgetUsd: 0.01 } }));
    world().bedrock.plan(profileOf("messages-poor", "light"), { input: { inputTokens: 5000 }, outputTokens: 3000 });
    const poor = { key: keys["a"]!, more: { max_tokens: 3000 } };
    assert.equal((await ask(poor)).status, 200);
    const answer = await until(
      () => ask(poor),
      ({ status }) => status !== 200,
    );
    assert.deepEqual([answer.status, bodyOf(answer).type], [422, "error"], Client.words(answer));
    assert.match(bodyOf(answer).error!.message, /[Bb]udget/);
  });

  it("reads an abandoned stream to its end and books all of it", async () => {
    const own = "messages-left";
    const keys = await onboard(world(), departmentState(own, { a: {} }));
    const { bedrock } = world();
    const plan = {
      text: "word ".repeat(800),
      input: { inputTokens: 400 },
      outputTokens: 1000,
      pieces: 20,
      pieceMs: 60,
    };
    bedrock.plan(profileOf(own, "light"), plan);
    const from = bedrock.requests.length;
    const agent = new Agent({ keepAlive: true, ca: readFileSync(world().certificates.ca) });
    const messages = [{ role: "user", content: "Go on." }];
    const body = JSON.stringify({ model: "light", max_tokens: 1200, stream: true, messages });
    const headers = { "x-api-key": keys["a"]!, "content-type": "application/json" };
    for (let at = 0; at < 10; at++) {
      await new Promise<void>((left, failed) => {
        const sent = request(new URL(path, world().url), { method: "POST", agent, headers }, (answer) => {
          answer.once("data", () => {
            sent.destroy();
            left();
          });
          answer.once("error", () => undefined);
        });
        sent.once("error", (error: NodeJS.ErrnoException) => error.code !== "ECONNRESET" && failed(error));
        sent.end(body);
      });
    }
    agent.destroy();
    const { usd } = await until(
      () => bookedOn(world(), own),
      ({ calls }) => calls === 10,
      120_000,
    );
    const calls = bedrock.requests.slice(from);
    assert.deepEqual([...new Set(calls.map(({ failed }) => failed))], [undefined]);
    assert.ok(Math.abs(usd - billedUsd(world(), "light", calls)) < 1e-9, `${usd}`);
  });
});
