import assert from "node:assert/strict";
import { streamed, usageOf, useBedrock, whole, type Result } from "./boto3";

describe("the prompt cache of the stand-in for Bedrock, called by boto3", function () {
  // A Python starts per test, on a machine that may be busy.
  this.timeout(60_000);
  const { bedrock, call } = useBedrock();

  const long = (start: string, tokens: number) => start.padEnd(tokens * 4, ".");
  const point = { cachePoint: { type: "default" } };
  const conversation = (...turns: string[]) => ({
    system: [{ text: long("rules", 2000) }, point],
    messages: turns.map((text, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: index === turns.length - 1 ? [{ text }, point] : [{ text }],
    })),
  });
  const counts = (results: Result[]) =>
    results.map((result) => {
      const { inputTokens, cacheReadInputTokens, cacheWriteInputTokens } = usageOf(result)!;
      return [inputTokens, cacheReadInputTokens, cacheWriteInputTokens];
    });

  it("writes a prefix the first time and reads it after, also where an older point is no longer marked", async () => {
    const [one, two, three] = [long("one", 100), long("two", 50), long("three", 30)];
    const results = await call([
      whole(conversation(one)),
      streamed(conversation(one)),
      whole(conversation(one, two, three)),
      whole({ ...conversation(one), modelId: "other" }),
    ]);
    assert.deepEqual(counts(results), [
      [0, 0, 2100],
      [0, 2100, 0],
      [0, 2100, 80],
      [0, 0, 2100],
    ]);
    assert.equal(usageOf(results[2]!)?.totalTokens, 2180 + usageOf(results[2]!)!.outputTokens);
  });

  it("counts what stands after the last point as input", async () => {
    const messages = [{ role: "user", content: [{ text: long("files", 1500) }, point, { text: long("ask", 25) }] }];
    assert.deepEqual(counts(await call([whole({ messages }), whole({ messages })])), [
      [25, 0, 1500],
      [25, 1500, 0],
    ]);
  });

  it("keeps nothing below 1,024 tokens, nothing unmarked, nothing that differs", async () => {
    const messages = (text: string, ...more: unknown[]) => ({
      messages: [{ role: "user", content: [{ text }, ...more] }],
    });
    const results = await call([
      whole(messages(long("small", 1023), point)),
      whole(messages(long("small", 1023), point)),
      whole(messages(long("unmarked", 1100))),
      whole(messages(long("unmarked", 1100), point)),
      whole(messages(long("Unmarked", 1100), point)),
    ]);
    assert.deepEqual(counts(results), [
      [1023, 0, 0],
      [1023, 0, 0],
      [1100, 0, 0],
      [0, 0, 1100],
      [0, 0, 1100],
    ]);
  });

  it("forgets a prefix five minutes after its last use", async () => {
    let now = 0;
    bedrock.now = () => now;
    const seen: unknown[] = [];
    for (const minutes of [0, 4, 8.9, 14]) {
      now = minutes * 60_000;
      seen.push(counts(await call([whole(conversation(long("one", 100)))]))[0]);
    }
    assert.deepEqual(seen, [
      [0, 0, 2100],
      [0, 2100, 0],
      [0, 2100, 0],
      [0, 0, 2100],
    ]);
  });
});
