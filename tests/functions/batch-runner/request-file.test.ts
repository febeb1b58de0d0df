import assert from "node:assert/strict";
import fc from "fast-check";
import { planBatch, type PlannedBatch } from "../../../functions/batch-runner/request-file";
import { batchLimits } from "../../../config";
import { line, models, requestFile } from "./requests";

const planned = (text: string): PlannedBatch => {
  const batch = planBatch(text, models);
  if ("faults" in batch) throw new Error(batch.faults.join("\n"));
  return batch;
};
const faultsOf = (text: string): readonly string[] => {
  const batch = planBatch(text, models);
  return "faults" in batch ? batch.faults : [];
};
/** Faults of a file whose first line is this one. */
const faultsWith = (first: string) => faultsOf(`${first}\n${requestFile(100)}`);

interface Sent {
  readonly recordId: string;
  readonly modelInput: {
    readonly system?: readonly { text: string }[];
    readonly messages: readonly { role: string; content: readonly { text: string }[] }[];
    readonly inferenceConfig: Readonly<Record<string, unknown>>;
  };
}
const sent = (batch: PlannedBatch) =>
  batch.input
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Sent);

describe("a batch's request file", () => {
  it("becomes Converse's input, in order, under record ids of letters and digits", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "One" }] },
      { role: "user", content: "Two" },
      { role: "assistant", content: "Yes" },
      { role: "user", content: "Three" },
    ];
    const first = line("a", { messages, temperature: 0.2, top_p: 1, stop: "END", max_completion_tokens: 50 });
    const batch = planned(`${first}\r\n\r\n${requestFile(99)}`);
    assert.deepEqual(sent(batch)[0], {
      recordId: "00000000000",
      modelInput: {
        system: [{ text: "Be brief." }],
        messages: [
          { role: "user", content: [{ text: "One" }, { text: "Two" }] },
          { role: "assistant", content: [{ text: "Yes" }] },
          { role: "user", content: [{ text: "Three" }] },
        ],
        inferenceConfig: { maxTokens: 50, temperature: 0.2, topP: 1, stopSequences: ["END"] },
      },
    });
    assert.deepEqual([batch.records, batch.model, batch.customIds[0], batch.customIds[1]], [100, "light", "a", "r0"]);
    assert.ok(sent(batch).every(({ recordId }) => /^[0-9]{11}$/.test(recordId)));
  });

  it("asks for tokens within the gateway's bounds, whatever it wishes", () => {
    const tokens = (body: Readonly<Record<string, unknown>>) =>
      sent(planned(requestFile(100, body)))[0]!.modelInput.inferenceConfig["maxTokens"];
    assert.equal(tokens({ max_tokens: undefined }), models.light.defaultTokens);
    assert.equal(tokens({ max_tokens: 10_000_000 }), models.light.mostTokens);
    assert.equal(tokens({ max_tokens: 7 }), 7);
  });

  it("never costs more than it says: a token for every byte that is sent and every token that is asked for", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.integer({ min: 1, max: 200 }),
        (content, max_tokens) => {
          const batch = planned(requestFile(100, { messages: [{ role: "user", content }], max_tokens }));
          const bytes = 100 * Buffer.byteLength(content);
          const least = (bytes * models.light.inputUsd + 100 * max_tokens * models.light.outputUsd) / 1e6;
          assert.ok(batch.worstUsd >= least, `${String(batch.worstUsd)} < ${String(least)}`);
        },
      ),
    );
    // 100 records of 100 tokens are 2.75 cents of output at the light model's batch price; the input is little beside it.
    assert.ok(planned(requestFile(100)).worstUsd < 0.05);
  });

  it("costs half of what the same would cost as chats", () => {
    assert.deepEqual([models.light.inputUsd, models.light.outputUsd], [0.55, 2.75]);
    assert.match(models.light.profileArn, /:inference-profile\/jp\.anthropic\.claude-haiku-4-5/);
  });

  it("has at least as many records as Bedrock takes, and no more than the function holds", () => {
    assert.match(faultsOf(requestFile(99)).join(), /found 99 records; allowed 100 to 10000/);
    assert.match(faultsOf("").join(), /found 0 records/);
    assert.match(faultsOf(requestFile(batchLimits.maxRecords + 1)).join(), /found 10001 records/);
    assert.deepEqual(faultsOf(requestFile(100)), []);
    assert.match(
      faultsOf(requestFile(600, { max_tokens: 38_400 })).join(),
      /max_tokens: found 23040000 over all records/,
    );
  });

  for (const field of ["model_id", "aws_region_name", "tools", "stream", "n", "metadata", "extra_body", "fallbacks"]) {
    it(`is refused with the field ${field}, by name`, () => {
      assert.match(
        faultsWith(line("a", { [field]: 1 })).join(),
        new RegExp(`line 1\\.body: found ${field}; allowed model`),
      );
    });
  }

  it("is refused line by line, with place, found and allowed", () => {
    const faults = [
      "no json",
      "[]",
      line("", {}),
      line("x".repeat(65)),
      line("b", {}, { url: "/v1/embeddings" }),
      line("c", {}, { region: "us-east-1" }),
      line("d", { model: "gpt-4" }),
      line("e", { messages: [] }),
      line("f", { messages: [{ role: "tool", content: "x" }] }),
      line("g", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x" } }] }] }),
      line("h", { messages: [{ role: "assistant", content: "x" }] }),
      line("i", { max_tokens: 0 }),
      line("j", { temperature: "hot" }),
      line("k", { stop: [] }),
    ].map((first) => faultsWith(first)[0]);
    assert.deepEqual(faults, [
      "line 1: found no JSON",
      'line 1: allowed is {"custom_id": …, "body": {…}}',
      "line 1.custom_id: allowed is a text of 1 to 64 characters",
      "line 1.custom_id: allowed is a text of 1 to 64 characters",
      "line 1: allowed POST /v1/chat/completions only",
      "line 1: found region; allowed custom_id, method, url, body",
      "line 1.body.model: allowed light, standard, strong",
      "line 1.body.messages: found no message",
      "line 1.body.messages[0].role: allowed system, developer, user, assistant",
      "line 1.body.messages[0].content: allowed is text, or a list of parts of type text",
      "line 1.body.messages: must begin with one of role user",
      "line 1.body.max_tokens: found no positive whole number",
      "line 1.body.temperature: allowed is a number from 0 to 1",
      "line 1.body.stop: allowed is a text or a list of one to four",
    ]);
  });

  it("is one job: one model, and no id twice", () => {
    assert.match(faultsWith(line("a", { model: "standard" })).join(), /found standard and light; allowed one model/);
    assert.match(faultsWith(line("r5")).join(), /line 7\.custom_id: stands twice/);
  });

  it("is told its first twenty faults and the number of the others", () => {
    const faults = faultsOf(requestFile(100, { tools: [] }));
    assert.equal(faults.length, 21);
    assert.equal(faults[20], "and 80 more");
  });
});
