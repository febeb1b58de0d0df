import assert from "node:assert/strict";
import { AnalyzeDiagnostic, AnalyzeResponse, PolicyNotApplicable } from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { answerReader } from "../../offline/answer";

function response(messages: readonly string[], skipped: readonly string[]): Buffer {
  const answer = new AnalyzeResponse();
  for (const message of messages) answer.addDiagnostics(new AnalyzeDiagnostic().setMessage(message));
  for (const name of skipped)
    answer.addNotApplicable(new PolicyNotApplicable().setPolicyName(name).setReason("r".repeat(200)));
  return Buffer.from(answer.serializeBinary());
}

describe("a pack's answer, read without decoding what is known already", () => {
  it("says what the whole message says", () => {
    const read = answerReader();
    const texts = fc.array(fc.string(), { maxLength: 5 });
    fc.assert(
      fc.property(texts, texts, (messages, skipped) => {
        const { diagnostics, notApplicable } = read(response(messages, skipped));
        assert.deepEqual(
          diagnostics.map((diagnostic) => diagnostic.getMessage()),
          messages,
        );
        assert.deepEqual(notApplicable, new Set(skipped));
      }),
    );
  });

  it("decodes what does not apply once for all answers that name the same", () => {
    const read = answerReader();
    const [first, same, other] = [["a", "b"], ["a", "b"], ["a"]].map(
      (skipped) => read(response(["x"], skipped)).notApplicable,
    );
    assert.equal(first, same);
    assert.notEqual(first, other);
  });

  it("refuses what is no answer", () => {
    const read = answerReader();
    assert.throws(() => read(Buffer.from([0x08, 1])), /wire type 0/);
    assert.throws(() => read(Buffer.from([0x12, 0x80])), /ends too early/);
    assert.throws(() => read(response(["a long message"], []).subarray(0, 8)));
  });
});
