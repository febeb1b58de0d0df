import assert from "node:assert/strict";
import { AnswerFiles, manifestUsage } from "../../../functions/batch-runner/answers";

const output = (recordId: string, text: string, stopReason = "end_turn") =>
  JSON.stringify({
    recordId,
    modelInput: { messages: [{ role: "user", content: [{ text: "private" }] }] },
    modelOutput: {
      output: { message: { role: "assistant", content: [{ text }, { text: "!" }] } },
      stopReason,
      usage: { inputTokens: 10, outputTokens: 3, totalTokens: 13 },
    },
  });
const lines = (text: string) =>
  text === ""
    ? []
    : text
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each) as Record<string, unknown>);

describe("a batch's answers", () => {
  it("stand under the developer's own ids in the form of chat completions, in whatever order Bedrock gave them", () => {
    const files = new AnswerFiles("light", ["a", "b"]);
    files.add(output("00000000001", "second", "max_tokens"));
    files.add(output("00000000000", "first"));
    const { answers, errors, usage } = files.end();
    assert.deepEqual(lines(answers)[0], {
      custom_id: "b",
      response: {
        status_code: 200,
        body: {
          object: "chat.completion",
          model: "light",
          choices: [{ index: 0, message: { role: "assistant", content: "second!" }, finish_reason: "length" }],
          usage: { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 },
        },
      },
      error: null,
    });
    assert.equal(errors, "");
    assert.deepEqual(usage, { inputTokens: 20, outputTokens: 6, succeeded: 2 });
  });

  it("leave nothing unsaid: what failed and what never came has an error each", () => {
    const files = new AnswerFiles("light", ["a", "b", "c"]);
    files.add(output("00000000000", "first"));
    files.add(
      JSON.stringify({ recordId: "00000000001", modelInput: {}, error: { errorCode: 400, errorMessage: "too long" } }),
    );
    assert.deepEqual(
      lines(files.end().errors).map(({ custom_id, error }) => [custom_id, error]),
      [
        ["b", { code: "400", message: "too long" }],
        ["c", { code: "not_processed", message: "the batch ended before this record" }],
      ],
    );
  });

  it("take a torn last line for not processed, and then do not claim to know what was used", () => {
    const files = new AnswerFiles("light", ["a", "b"]);
    files.add(output("00000000000", "first"));
    files.add('{"recordId":"0000');
    files.add(output("00000000009", "never asked"));
    const { answers, errors, usage } = files.end();
    assert.deepEqual([lines(answers).length, lines(errors).length, usage], [1, 1, undefined]);
    assert.equal(new AnswerFiles("light", ["a"]).end().usage, undefined);
  });

  it("are counted by Bedrock's manifest where it counts tokens", () => {
    assert.deepEqual(
      manifestUsage('{"totalRecordCount":2,"successRecordCount":2,"inputTokenCount":20,"outputTokenCount":6}'),
      { inputTokens: 20, outputTokens: 6, succeeded: 2 },
    );
    assert.equal(manifestUsage('{"totalRecordCount":2}'), undefined);
  });
});
