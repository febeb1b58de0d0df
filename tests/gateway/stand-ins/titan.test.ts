import assert from "node:assert/strict";
import { asking, profile, useBedrock, type Step } from "./boto3";
import { vectorOf } from "./titan";

const own = `${profile}-embedding`;

interface Vector {
  readonly embedding: readonly number[];
  readonly embeddingsByType: Readonly<Record<string, readonly number[]>>;
  readonly inputTextTokenCount: number;
}

describe("the stand-in for Titan Text Embeddings V2, called by boto3", function () {
  this.timeout(60_000);
  const { bedrock, call } = useBedrock();
  const invoke = (body: unknown, modelId = own): Step => ({
    operation: "invoke_model",
    arguments: { modelId, body: JSON.stringify(body) },
  });

  it("answers a text with its vector of the wanted length, and bills its tokens", async () => {
    const results = await call([
      invoke({ inputText: "export const a = 1;" }),
      invoke({ inputText: "export const a = 1;", dimensions: 256, normalize: false, embeddingTypes: ["binary"] }),
    ]);
    const [whole, short] = results.map(
      ({ answer }) => JSON.parse((answer as unknown as { readonly body: string }).body) as Vector,
    );
    assert.deepEqual(whole!.embedding, vectorOf("export const a = 1;"));
    assert.deepEqual(whole!.embeddingsByType, { float: whole!.embedding });
    assert.ok(Math.abs(Math.hypot(...whole!.embedding) - 1) < 1e-6);
    assert.equal(whole!.inputTextTokenCount, 5);
    assert.equal(short!.embedding.length, 256);
    assert.deepEqual([...new Set(short!.embeddingsByType["binary"])].sort(), [0, 1]);
    assert.deepEqual(
      bedrock.requests.map(({ model, embeds, billed }) => [model, embeds, billed?.inputTokens]),
      [
        [own, true, 5],
        [own, true, 5],
      ],
    );
  });

  it("refuses what the model refuses, and every other model's operation", async () => {
    const refused: readonly (readonly [Step, RegExp])[] = [
      [invoke({}), /required key \[inputText\]/],
      [invoke({ inputText: "" }), /minLength/],
      [invoke({ inputText: "x".repeat(50_001) }), /maxLength/],
      [invoke({ inputText: "x".repeat(33_000) }), /Too many input tokens. Max input tokens: 8192/],
      [invoke({ inputText: "a", dimensions: 300 }), /dimensions/],
      [invoke({ inputText: "a", normalize: 1 }), /normalize/],
      [invoke({ inputText: "a", embeddingTypes: ["int8"] }), /embeddingTypes/],
      [invoke({ inputText: "a", max_tokens: 1 }), /extraneous key \[max_tokens\]/],
      [invoke({ inputText: "a" }, profile), /not supported for this model/],
      [
        { operation: "converse", arguments: { modelId: own, messages: asking("Hello") } },
        /not supported for this model/,
      ],
    ];
    const results = await call(refused.map(([step]) => step));
    for (const [at, [, words]] of refused.entries()) {
      assert.equal(results[at]!.error, "ValidationException");
      assert.match(results[at]!.message!, words);
    }
  });

  it("throttles as its other models do", async () => {
    bedrock.failNext(own, 1);
    const [throttled, served] = await call([invoke({ inputText: "a" }), invoke({ inputText: "a" })]);
    assert.deepEqual([throttled!.error, served!.error], ["ThrottlingException", undefined]);
  });
});
