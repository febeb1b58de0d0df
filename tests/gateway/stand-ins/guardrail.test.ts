import assert from "node:assert/strict";
import { profile, streamed, useBedrock, whole } from "./boto3";

const rail = { blocks: /codename/, onInput: "This question is not answered.", onOutput: "This answer is withheld." };
const guardrailConfig = { guardrailIdentifier: "gr1", guardrailVersion: "3" };
const user = (...content: readonly object[]) => ({ role: "user", content });

describe("the stand-in's guardrails, called by boto3", function () {
  // A Python starts per test, on a machine that may be busy.
  this.timeout(60_000);
  const { bedrock, call } = useBedrock();
  beforeEach(() => bedrock.guardrails.set("gr1:3", rail));

  it("block what is asked, at no tokens, and withhold what is answered, at all of them", async () => {
    const messages = [user({ text: "The codename?" })];
    bedrock.plan(profile, { text: "Its codename is x.", outputTokens: 9 });
    const [asked, withheld, open, pieces] = await call([
      whole({ guardrailConfig, messages }),
      whole({ guardrailConfig }),
      whole(),
      streamed({ guardrailConfig, messages }),
    ]);
    const seen = [asked, withheld, open].map((one) => [
      one?.answer?.stopReason,
      one?.answer?.output.message.content[0]?.text,
      one?.answer?.usage.outputTokens,
    ]);
    assert.deepEqual(seen, [
      ["guardrail_intervened", rail.onInput, 0],
      ["guardrail_intervened", rail.onOutput, 9],
      ["end_turn", "Its codename is x.", 9],
    ]);
    assert.equal(bedrock.requests[0]?.billed?.totalTokens, 0);
    assert.equal(
      pieces?.events.find(({ messageStop }) => messageStop)?.messageStop?.stopReason,
      "guardrail_intervened",
    );
  });

  it("judge every message, or the marked parts alone", async () => {
    const first = user({ text: "The codename is x." });
    const noted = { role: "assistant", content: [{ text: "Noted." }] };
    const [all, marked] = await call([
      whole({ guardrailConfig, messages: [first, noted, user({ text: "And now?" })] }),
      whole({ guardrailConfig, messages: [first, noted, user({ guardContent: { text: { text: "And now?" } } })] }),
    ]);
    assert.deepEqual(
      [all, marked].map((one) => one?.answer?.stopReason),
      ["guardrail_intervened", "end_turn"],
    );
  });

  it("refuse another version and fields that there are not", async () => {
    const [version, field] = await call([
      whole({ guardrailConfig: { ...guardrailConfig, guardrailVersion: "4" } }),
      whole({ guardrailConfig: { ...guardrailConfig, streamProcessingMode: "sync" } }),
    ]);
    assert.match(version?.message ?? "", /identifier or version provided in the request does not exist/);
    assert.match(field?.message ?? "", /streamProcessingMode/);
  });
});
