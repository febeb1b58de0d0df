import assert from "node:assert/strict";
import { asking, profile, streamed, useBedrock, whole, type Result } from "./boto3";

const thinking = { type: "enabled", budget_tokens: 1024 };
const thinks = (over: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  additionalModelRequestFields: { thinking: { ...thinking, ...more } },
  inferenceConfig: { maxTokens: 2000 },
  ...over,
});
const toolConfig = { tools: [{ toolSpec: { name: "read", inputSchema: { json: { type: "object" } } } }] };
const use = { toolUse: { toolUseId: "t1", name: "read", input: {} } };
const results = { role: "user", content: [{ toolResult: { toolUseId: "t1", content: [{ text: "done" }] } }] };
interface Thought {
  reasoningContent: { reasoningText: { text: string; signature: string } };
}
const said = ({ error, message }: Result) => `${error ?? "answered"} ${message ?? ""}`;

describe("thinking and cache lifetimes of the stand-in for Bedrock, called by boto3", function () {
  // A Python starts per test, on a machine that may be busy.
  this.timeout(60_000);
  const { bedrock, call } = useBedrock();

  it("writes what the model thinks before its answer, signed, whole and streamed", async () => {
    bedrock.plan(profile, { thinking: "First the file.", text: "Done." });
    const [plain, stream, without] = await call([whole(thinks()), streamed(thinks()), whole()]);
    const [thought, text] = plain!.answer!.output.message.content as unknown as [Thought, unknown];
    const { text: words, signature } = thought.reasoningContent.reasoningText;
    assert.deepEqual([words, text], ["First the file.", { text: "Done." }]);
    const deltas = stream!.events.flatMap(({ contentBlockDelta }) =>
      contentBlockDelta
        ? [(contentBlockDelta.delta as Record<string, Record<string, string>>)["reasoningContent"]]
        : [],
    );
    assert.equal(deltas.map((delta) => delta?.["text"] ?? "").join(""), "First the file.");
    assert.equal(deltas.map((delta) => delta?.["signature"] ?? "").join(""), signature);
    assert.deepEqual(without!.answer!.output.message.content, [{ text: "Done." }]);
  });

  it("takes a thought back as it was, and demands it in a turn with tools", async () => {
    const [first] = await call([whole(thinks())]);
    const thought = first!.answer!.output.message.content[0] as unknown as Thought;
    const turn = (...content: unknown[]) =>
      whole(thinks({ toolConfig, messages: [...asking("Read"), { role: "assistant", content }, results] }));
    const changed = structuredClone(thought);
    changed.reasoningContent.reasoningText.text = "Something else.";
    const answers = await call([turn(thought, use), turn(use), turn(changed, use)]);
    assert.equal(said(answers[0]!), "answered ");
    assert.match(said(answers[1]!), /ValidationException.*Expected `thinking`/);
    assert.match(said(answers[2]!), /ValidationException.*signature/);
  });

  it("refuses thinking that Bedrock would", async () => {
    const prefilled = [...asking("Read"), { role: "assistant", content: [{ text: "It" }] }];
    const answers = await call([
      whole(thinks({}, { budget_tokens: 2000 })),
      whole(thinks({}, { budget_tokens: 1023 })),
      whole(thinks({}, { extra: 1 })),
      whole(thinks({ messages: prefilled })),
      whole(thinks({ inferenceConfig: { maxTokens: 2000, temperature: 0.5 } })),
      whole(thinks({ toolConfig: { ...toolConfig, toolChoice: { any: {} } } })),
    ]);
    assert.deepEqual(
      answers.map((answer) => said(answer).startsWith("ValidationException")),
      answers.map(() => true),
    );
  });

  it("knows what the model behind an id does not take", async () => {
    bedrock.abilities = () => ({ thinkingBudget: false, forcedToolUse: false, structuredOutput: false });
    const [budget, adaptive, forced] = await call([
      whole(thinks()),
      whole({ additionalModelRequestFields: { thinking: { type: "adaptive" } } }),
      whole({ toolConfig: { ...toolConfig, toolChoice: { any: {} } } }),
    ]);
    assert.match(said(budget!), /ValidationException.*adaptive/);
    assert.equal(said(adaptive!), "answered ");
    assert.match(said(forced!), /ValidationException.*forced tool use/);
  });

  it("keeps an entry for an hour, says so, and takes no hour after five minutes", async () => {
    let now = 0;
    bedrock.now = () => now;
    const point = (ttl?: string) => ({ cachePoint: { type: "default", ...(ttl && { ttl }) } });
    const long = (letter: string) => ({ text: letter.repeat(8000) });
    const ask = (first?: string, second?: string) =>
      whole({ system: [long("a"), point(first)], messages: [{ role: "user", content: [long("b"), point(second)] }] });
    const [mixed] = await call([ask("1h", "5m")]);
    const usage = mixed!.answer!.usage as unknown as Record<string, unknown>;
    assert.deepEqual(usage["cacheDetails"], [
      { ttl: "1h", inputTokens: 2000 },
      { ttl: "5m", inputTokens: 2000 },
    ]);
    now = 30 * 60_000;
    const [later] = await call([ask("1h", "5m")]);
    assert.deepEqual(
      [later!.answer!.usage.cacheReadInputTokens, later!.answer!.usage.cacheWriteInputTokens],
      [2000, 2000],
    );
    const [late, whole1h] = await call([ask(undefined, "1h"), ask("1h", "1h")]);
    assert.match(said(late!), /ValidationException.*1h/);
    assert.equal(said(whole1h!), "answered ");
  });

  it("bills a whole answer to a caller who leaves", async () => {
    bedrock.plan(profile, { text: "word ".repeat(100), outputTokens: 125, pieces: 50, pieceMs: 20 });
    await call([{ ...streamed({ inferenceConfig: { maxTokens: 500 } }), hang_up_after: 3 }]);
    const [request] = bedrock.requests;
    assert.deepEqual([request!.failed, request!.billed?.outputTokens], ["abandoned", 125]);
  });
});
