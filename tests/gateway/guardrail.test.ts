import assert from "node:assert/strict";
import { Client, useClient, type Answer } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";

/** A department that the world's platform file gives a guardrail, and one that it gives none. */
const department = "guarded";
const beside = "guarded-beside";
const rail = { blocks: /codename/, onInput: "This question is not answered.", onOutput: "This answer is withheld." };
const applied = { guardrailIdentifier: "gr1abc2def3g", guardrailVersion: "3" };

describe("a department's guardrail", () => {
  const client = useClient(world);
  let keys: Readonly<Record<string, string>>;

  before(async () => {
    world().bedrock.guardrails.set(`${applied.guardrailIdentifier}:${applied.guardrailVersion}`, rail);
    keys = {
      ...(await onboard(world(), departmentState(department, { a: {} }))),
      ...(await onboard(world(), departmentState(beside, { b: {} }))),
    };
  });
  after(() => world().bedrock.guardrails.clear());

  /** Sends messages, and gives the answer's text, why it ended, and the guardrails of the requests that reached Bedrock. */
  async function send(messages: readonly object[], stream: boolean, key = keys["a"]!, model = "standard") {
    const from = world().bedrock.requests.length;
    const answer = await client.chat({ key, model, stream, more: { messages } });
    assert.equal(answer.status, 200, Client.words(answer));
    const asked = world().bedrock.requests.slice(from);
    return {
      ...(stream ? streamed(answer) : whole(answer)),
      asked,
      rails: asked.map(({ body }) => body.guardrailConfig),
    };
  }

  const user = (content: string) => ({ role: "user", content });

  for (const stream of [false, true]) {
    const how = stream ? ", streamed" : "";

    it(`blocks a question in its own words, and books nothing${how}`, async () => {
      const { text, reason, rails, asked } = await send([user("What is the codename?")], stream);
      assert.deepEqual({ text, reason, rails }, { text: rail.onInput, reason: "content_filter", rails: [applied] });
      assert.equal(asked[0]!.billed?.totalTokens, 0);
    });

    it(`judges what was said before, too${how}`, async () => {
      const earlier = [user("The codename is x."), { role: "assistant", content: "Noted." }, user("And now?")];
      const { text, asked } = await send(earlier, stream);
      assert.equal(text, rail.onInput);
      const marks = JSON.stringify(asked[0]!.body.messages);
      assert.ok(!marks.includes("guardContent") && marks.includes("cachePoint"), marks);
    });

    it(`withholds an answer${how}`, async () => {
      world().bedrock.script(profileOf(department, "standard"), [{ text: "Its codename is x." }]);
      const { text, reason } = await send([user("What is its name?")], stream);
      assert.deepEqual({ text, reason }, { text: rail.onOutput, reason: "content_filter" });
    });

    it(`is applied to every attempt, other models' and others' requests aside${how}`, async () => {
      world().bedrock.failNext(profileOf(department, "strong"), 2);
      const { text, asked, rails } = await send([user("Say hello.")], stream, keys["a"], "strong");
      assert.equal(text, "A short answer.");
      assert.equal(asked.at(-1)?.model, profileOf(department, "standard"), "no fallback answered");
      assert.deepEqual(
        rails,
        Array.from(asked, () => applied),
      );
      const others = await send([user("What is the codename?")], stream, keys["b"]);
      assert.deepEqual([others.text, others.rails], ["A short answer.", [undefined]]);
    });
  }

  it("that Bedrock does not have lets no call pass", async () => {
    world().bedrock.guardrails.clear();
    const answer = await client.chat({ key: keys["a"]! });
    world().bedrock.guardrails.set(`${applied.guardrailIdentifier}:${applied.guardrailVersion}`, rail);
    assert.equal(answer.status, 400, Client.words(answer));
    assert.match(answer.text, /guardrail identifier or version/);
  });
});

interface Choice {
  readonly finish_reason?: string | null;
  readonly message?: { readonly content: string };
  readonly delta?: { readonly content?: string };
}

const whole = ({ body }: Answer) => {
  const [choice] = (body as { choices: Choice[] }).choices;
  return { text: choice?.message?.content, reason: choice?.finish_reason };
};

const streamed = ({ text }: Answer) => {
  const choices = text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .flatMap((line) => (JSON.parse(line.slice("data: ".length)) as { choices: Choice[] }).choices);
  return {
    text: choices.map(({ delta }) => delta?.content ?? "").join(""),
    reason: choices.map(({ finish_reason: reason }) => reason).findLast((reason) => typeof reason === "string"),
  };
};
