import assert from "node:assert/strict";
import { asking, plainly, profile, streamed, usageOf, useBedrock, whole, type Event } from "./boto3";

const textOf = (events: Event[]) => events.map(({ contentBlockDelta }) => contentBlockDelta?.delta.text ?? "").join("");
const inputOf = (events: Event[]) =>
  events.map(({ contentBlockDelta }) => contentBlockDelta?.delta.toolUse?.input ?? "").join("");

describe("the stand-in for Bedrock, called by boto3", function () {
  // A Python starts per test, on a machine that may be busy.
  this.timeout(60_000);
  const { bedrock, call } = useBedrock();

  it("answers Converse and notes who asked for what", async () => {
    bedrock.plan(profile, { text: "Good day", outputTokens: 9, input: { inputTokens: 11 } });
    const [result] = await call([whole()]);
    assert.deepEqual(result?.answer?.output.message, { role: "assistant", content: [{ text: "Good day" }] });
    assert.equal(result.answer.stopReason, "end_turn");
    const usage = {
      inputTokens: 11,
      outputTokens: 9,
      totalTokens: 20,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 0,
    };
    assert.deepEqual(result.answer.usage, usage);
    const { arrived, ended, body, billed, ...noted } = bedrock.requests[0]!;
    assert.deepEqual(noted, {
      model: profile,
      stream: false,
      embeds: false,
      region: "ap-northeast-1",
      accessKeyId: "AKIASTANDIN",
      host: new URL(bedrock.url).host,
      status: 200,
      failed: undefined,
    });
    assert.deepEqual(body.messages, plainly.messages);
    assert.deepEqual(billed, usage);
    assert.ok(ended !== undefined && ended >= arrived);
  });

  it("streams a text in pieces that boto3 puts together again", async () => {
    const text = `日本語${"🎉🎊".repeat(9)}`;
    bedrock.plan(profile, { text, pieces: 7 });
    const [result] = await call([streamed()]);
    assert.equal(textOf(result!.events), text);
    const pieces = result!.events.map(({ contentBlockDelta }) => contentBlockDelta?.delta.text ?? "");
    assert.equal(pieces.filter((piece) => /\p{Surrogate}/u.test(piece)).length, 0);
    const kinds = result!.events.map((event) => Object.keys(event)[0]);
    assert.deepEqual(kinds, [
      "messageStart",
      ...Array.from({ length: 7 }, () => "contentBlockDelta"),
      "contentBlockStop",
      "messageStop",
      "metadata",
    ]);
    assert.equal(result!.events.at(-2)?.messageStop?.stopReason, "end_turn");
    assert.equal(usageOf(result!)?.outputTokens, Math.ceil(text.length / 4));
    assert.equal(bedrock.requests[0]?.stream, true);
  });

  it("calls tools, whole and streamed, and goes on when it has their results", async () => {
    const tools = [{ name: "write_to_file", input: { path: "a.txt", content: 'line "one"\nline two' } }];
    bedrock.script(profile, [{ text: "I write.", tools }, { tools: [...tools, ...tools] }, { text: "Written." }]);
    const toolConfig = { tools: [{ toolSpec: { name: "write_to_file", inputSchema: { json: { type: "object" } } } }] };
    const use = { toolUseId: "t1", name: "write_to_file", input: {} };
    const messages = [
      ...asking("Write"),
      { role: "assistant", content: [{ toolUse: use }] },
      { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ text: "done" }] } }] },
    ];
    const [first, second, third] = await call([
      whole({ toolConfig }),
      streamed({ toolConfig }),
      whole({ toolConfig, messages }),
    ]);
    const [text, call1] = first!.answer!.output.message.content;
    assert.equal(text?.text, "I write.");
    assert.deepEqual({ name: call1?.toolUse?.name, input: call1?.toolUse?.input }, tools[0]);
    assert.equal(first?.answer?.stopReason, "tool_use");

    const starts = second!.events.flatMap(({ contentBlockStart }) => contentBlockStart?.start.toolUse ?? []);
    assert.deepEqual(
      starts.map(({ name }) => name),
      ["write_to_file", "write_to_file"],
    );
    assert.notEqual(starts[0]?.toolUseId, starts[1]?.toolUseId);
    for (const block of [0, 1]) {
      const own = second!.events.filter(({ contentBlockDelta }) => contentBlockDelta?.contentBlockIndex === block);
      assert.equal(own.length, 4);
      assert.deepEqual(JSON.parse(inputOf(own)), tools[0]?.input);
    }
    assert.equal(second!.events.at(-2)?.messageStop?.stopReason, "tool_use");
    assert.equal(third?.answer?.output.message.content[0]?.text, "Written.");
  });

  it("fails with each of Bedrock's errors, under the name and status that boto3 knows", async () => {
    // From AWS's API reference; the one that comes in streams only is left out.
    const statuses = {
      AccessDeniedException: 403,
      InternalServerException: 500,
      ModelErrorException: 424,
      ModelNotReadyException: 429,
      ModelTimeoutException: 408,
      ResourceNotFoundException: 404,
      ServiceUnavailableException: 503,
      ThrottlingException: 429,
      ValidationException: 400,
    };
    const names = Object.keys(statuses) as (keyof typeof statuses)[];
    bedrock.script(
      profile,
      names.map((error) => ({ failure: { error } })),
    );
    const results = await call(names.map((_, index) => (index % 2 === 0 ? whole() : streamed())));
    assert.deepEqual(
      results.map(({ error, status }) => [error, status]),
      Object.entries(statuses),
    );
    assert.deepEqual(
      bedrock.requests.map(({ failed, status }) => [failed, status]),
      Object.entries(statuses),
    );
  });

  it("fails in the middle of a stream, after as many pieces as planned", async () => {
    const names = ["ModelStreamErrorException", "ThrottlingException", "InternalServerException"] as const;
    bedrock.script(
      profile,
      names.map((error) => ({ text: "abcdefgh", failure: { error, message: "as planned", afterPieces: 2 } })),
    );
    const results = await call(names.map(() => streamed()));
    for (const [index, name] of names.entries()) {
      assert.equal(textOf(results[index]!.events), "abcd");
      assert.equal(results[index]!.error, "EventStreamError");
      const inStream = name.charAt(0).toLowerCase() + name.slice(1);
      assert.match(results[index]!.message!, new RegExp(`\\(${inStream}\\).*as planned`));
    }
    assert.deepEqual(
      bedrock.requests.map(({ failed, status }) => [failed, status]),
      names.map((name) => [name, 200]),
    );
  });

  it("resets connections, before an answer and within one", async () => {
    bedrock.script(profile, [
      { failure: { error: "reset" } },
      { text: "abcdefgh", failure: { error: "reset", afterPieces: 1 }, pieceMs: 300 },
    ]);
    const [first, second] = await call([whole(), streamed()]);
    assert.equal(first?.error, "ConnectionClosedError");
    assert.match(second!.error!, /ProtocolError|ConnectionClosedError|ResponseStreamingError|ConnectionResetError/);
    assert.equal(
      second?.events.some(({ messageStop }) => messageStop !== undefined),
      false,
    );
    assert.deepEqual(
      bedrock.requests.map(({ failed }) => failed),
      ["reset", "reset"],
    );
  });

  it("throttles what is above a model's capacity, and no other model", async () => {
    bedrock.capacity(profile, 2);
    bedrock.answer = () => ({ firstByteMs: 1_500 });
    const results = await call([...Array.from({ length: 5 }, () => whole()), whole({ modelId: "other" })], 6);
    assert.equal(results.filter(({ error }) => error === "ThrottlingException").length, 3);
    assert.equal(results.at(-1)?.error, undefined);
    assert.equal(bedrock.mostInFlight(profile), 2);
    assert.equal(bedrock.inFlight(profile), 0);
    assert.equal(bedrock.requests.filter(({ status }) => status === 429).length, 3);
  });

  it("fails the next n calls, then goes on with the script", async () => {
    bedrock.script(profile, [{ text: "scripted" }]);
    bedrock.failNext(profile, 2, { error: "ServiceUnavailableException" });
    const results = await call([whole(), streamed(), whole(), whole()]);
    assert.deepEqual(
      results.map(({ error, answer }) => error ?? answer?.output.message.content[0]?.text),
      ["ServiceUnavailableException", "ServiceUnavailableException", "scripted", "A short answer."],
    );
  });

  it("stops at maxTokens: text cut, tokens bounded, tool calls that do not fit left out", async () => {
    const tools = [{ name: "write", input: { content: "x".repeat(400) } }];
    bedrock.script(profile, [{ text: "y".repeat(400) }, { text: "y".repeat(400) }, { tools }, { outputTokens: 900 }]);
    const inferenceConfig = { maxTokens: 20 };
    const results = await call([
      whole({ inferenceConfig }),
      streamed({ inferenceConfig }),
      whole({ inferenceConfig }),
      whole({ inferenceConfig }),
    ]);
    assert.equal(results[0]?.answer?.output.message.content[0]?.text?.length, 80);
    assert.equal(textOf(results[1]!.events).length, 80);
    assert.equal(results[1]!.events.at(-2)?.messageStop?.stopReason, "max_tokens");
    assert.deepEqual(results[2]?.answer?.output.message.content, []);
    assert.deepEqual(
      results.map((result) => usageOf(result)?.outputTokens),
      [20, 20, 20, 20],
    );
    assert.deepEqual(
      [results[0], results[2], results[3]].map((result) => result?.answer?.stopReason),
      ["max_tokens", "max_tokens", "max_tokens"],
    );
  });

  it("takes its time, before the first byte and between pieces", async () => {
    bedrock.plan(profile, { text: "abcd", pieces: 4, firstByteMs: 400, pieceMs: 200 });
    await call([streamed(), whole()]);
    const [stream, unstreamed] = bedrock.requests.map(({ arrived, ended }) => ended! - arrived);
    assert.ok(stream! >= 990, `${stream!} ms`);
    assert.ok(unstreamed! >= 390 && unstreamed! < stream!, `${unstreamed!} ms`);
  });

  it("notices a caller that hangs up, and has it no longer in flight", async () => {
    bedrock.plan(profile, { text: "abcd", until: new Promise(() => undefined) });
    await call([{ ...streamed(), hang_up_after: 2 }]);
    while (bedrock.inFlight(profile) > 0) await new Promise((again) => setTimeout(again, 20));
    assert.equal(bedrock.requests[0]?.failed, "abandoned");
    assert.equal(bedrock.mostInFlight(profile), 1);
  });

  it("refuses what Bedrock refuses", async () => {
    const use = { toolUse: { toolUseId: "t1", name: "write", input: {} } };
    const toolConfig = { tools: [{ toolSpec: { name: "write", inputSchema: { json: {} } } }] };
    const turn = (role: string, ...content: unknown[]) => ({ role, content });
    const word = { text: "word" };
    const point = { cachePoint: { type: "default" } };
    const results = await call([
      whole({ messages: [] }),
      whole({ messages: [turn("assistant", word)] }),
      whole({ messages: [turn("user", word), turn("user", word)] }),
      whole({ messages: [turn("user", { text: " " })] }),
      whole({ messages: [turn("user")] }),
      whole({ messages: [turn("user", word), turn("assistant", use), turn("user", word)] }),
      whole({ messages: [turn("user", word), turn("assistant", use), turn("user", word)], toolConfig }),
      whole({ messages: [turn("user", word, { toolResult: { toolUseId: "t9", content: [word] } })], toolConfig }),
      whole({ messages: [turn("user", word, point, word, point, word, point, word, point, word, point)] }),
    ]);
    const found = [
      /at least one/,
      /start with a user/,
      /alternate/,
      /blank/,
      /empty/,
      /toolConfig/,
      /t1/,
      /exceed/,
      /cache points/,
    ];
    for (const [index, result] of results.entries()) {
      assert.equal(result.error, "ValidationException");
      assert.match(result.message!, found[index]!);
    }
  });

  it("knows no other operation, and answers nobody without a signature", async () => {
    const counted = await fetch(`${bedrock.url}/model/any/count-tokens`, { method: "POST", body: "{}" });
    assert.equal(counted.status, 404);
    const unsigned = await fetch(`${bedrock.url}/model/any/converse`, { method: "POST", body: "{}" });
    assert.equal(unsigned.status, 403);
    assert.equal(bedrock.requests.length, 0);
  });

  it("gives a test's own mistake to the caller, in words", async () => {
    bedrock.answer = () => {
      throw new Error("no such plan");
    };
    const [result] = await call([whole()]);
    assert.equal(result?.error, "InternalServerException");
    assert.match(result.message!, /no such plan/);
  });
});
