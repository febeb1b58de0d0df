import assert from "node:assert/strict";
import { modelTiers, type ModelTier } from "../../config";
import type { BedrockRequest } from "./stand-ins/bedrock";
import { PromptCache } from "./stand-ins/prompt-cache";
import { Client, useClient, type Answer } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";

const department = "thinking";
const tool = {
  type: "function",
  function: { name: "read_file", parameters: { type: "object", properties: { path: { type: "string" } } } },
};
const thinking = { type: "enabled", budget_tokens: 2048 };
const question = { role: "user", content: "Read a.ts." };
const schema = {
  type: "json_schema",
  json_schema: {
    name: "answer",
    schema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  },
};

interface AssistantMessage {
  readonly role: "assistant";
  readonly content: string | null;
  readonly reasoning_content?: string;
  readonly thinking_blocks?: readonly { readonly thinking: string; readonly signature: string }[];
  readonly tool_calls?: readonly { readonly id: string }[];
}
const messageOf = ({ body }: Answer) => (body as { choices: { message: AssistantMessage }[] }).choices[0]!.message;

/** The message that a client puts together from a stream's events. */
function assembled({ text }: Answer): AssistantMessage {
  interface Call {
    index: number;
    id?: string;
    type?: string;
    function: { name?: string; arguments: string };
  }
  interface Delta {
    content?: string | null;
    thinking_blocks?: { thinking?: string; signature?: string }[];
    tool_calls?: Call[];
  }
  const calls: Call[] = [];
  const thought = { type: "thinking", thinking: "", signature: "" };
  let content = "";
  for (const line of text.split("\n").filter((each) => each.startsWith("data: {"))) {
    const { choices = [] } = JSON.parse(line.slice("data: ".length)) as { choices?: { delta: Delta }[] };
    for (const { delta } of choices) {
      content += delta.content ?? "";
      for (const block of delta.thinking_blocks ?? []) {
        thought.thinking += block.thinking ?? "";
        thought.signature ||= block.signature ?? "";
      }
      for (const call of delta.tool_calls ?? []) {
        const known = calls[call.index];
        if (known) known.function.arguments += call.function.arguments;
        else calls[call.index] = call;
      }
    }
  }
  return { role: "assistant", content, thinking_blocks: [thought], tool_calls: calls as { id: string }[] };
}

describe("thinking", () => {
  const client = useClient(world);
  let key: string;
  before(async () => {
    key = (await onboard(world(), departmentState(department, { a: {} })))["a"]!;
  });

  /** Asks, and what Bedrock got of it. */
  async function ask(model: ModelTier, more: Readonly<Record<string, unknown>>, stream = false) {
    const from = world().bedrock.requests.length;
    const answer = await client.chat({ key, model, stream, more: { max_tokens: 4096, ...more } });
    return { answer, calls: world().bedrock.requests.slice(from) };
  }
  const fields = ([call]: readonly BedrockRequest[]) => call!.body.additionalModelRequestFields;

  for (const stream of [false, true]) {
    it(`blocks come back with the tools' results, unchanged${stream ? ", streamed" : ""}`, async () => {
      world().bedrock.script(profileOf(department, "light"), [
        { thinking: "I must read it first.", tools: [{ name: "read_file", input: { path: "a.ts" } }] },
      ]);
      const first = await ask("light", { thinking, tools: [tool], messages: [question] }, stream);
      assert.equal(first.answer.status, 200, Client.words(first.answer));
      const message = stream ? assembled(first.answer) : messageOf(first.answer);
      assert.equal(message.thinking_blocks?.[0]?.thinking, "I must read it first.");
      assert.ok(message.thinking_blocks[0].signature);
      const result = { role: "tool", tool_call_id: message.tool_calls?.[0]?.id, content: "export {};" };
      const messages = [question, message, result];
      const { answer, calls } = await ask("light", { thinking, tools: [tool], messages }, stream);
      assert.equal(answer.status, 200, Client.words(answer));
      const kinds = calls[0]!.body.messages[1]!.content.map((block) => Object.keys(block)[0]);
      assert.deepEqual(kinds, ["reasoningContent", "toolUse"]);
    });
  }

  it("without its blocks in a turn with tools is answered 400, by no dearer model", async () => {
    const call = { id: "t1", type: "function", function: { name: "read_file", arguments: "{}" } };
    const messages = [
      question,
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "t1", content: "x" },
    ];
    const { answer, calls } = await ask("light", { thinking, tools: [tool], messages });
    assert.equal(answer.status, 400, Client.words(answer));
    assert.deepEqual(
      calls.map(({ model }) => model),
      [profileOf(department, "light")],
    );
  });

  it("beyond the answer's tokens never leaves the gateway", async () => {
    for (const [model, more] of [
      ["light", { thinking: { ...thinking, budget_tokens: 4096 } }],
      ["light", { thinking: { ...thinking, budget_tokens: 1_000_000 }, max_tokens: undefined }],
      ["standard", { thinking: { ...thinking, budget_tokens: 4096 } }],
      ["light", { reasoning_effort: "high" }],
      ["light", { reasoning_effort: "medium", max_tokens: 2048 }],
      ["light", { thinking: { ...thinking, extra: 1 } }],
      ["light", { thinking: { type: "adaptive", budget_tokens: 1024 } }],
      ["light", { thinking: { ...thinking, budget_tokens: "4096" } }],
      ["light", { reasoning_effort: "xhigh" }],
    ] as const) {
      const { answer, calls } = await ask(model, more);
      assert.equal(answer.status, 400, `${JSON.stringify(more)} ${Client.words(answer)}`);
      assert.match(answer.text, /thinking|reasoning_effort/);
      assert.equal(calls.length, 0);
    }
  });

  it("within them reaches each model as that model takes it", async () => {
    for (const [model, more, wanted] of [
      ["light", { thinking }, { thinking }],
      ["light", { reasoning_effort: "low" }, { thinking: { type: "enabled", budget_tokens: 1024 } }],
      ["standard", { thinking }, { thinking: { type: "adaptive" }, output_config: { effort: "medium" } }],
      [
        "strong",
        { reasoning_effort: "high" },
        { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "high" } },
      ],
      ["strong", { thinking: { type: "disabled" } }, undefined],
    ] as const) {
      const { answer, calls } = await ask(model, more);
      assert.equal(answer.status, 200, `${model} ${JSON.stringify(more)} ${Client.words(answer)}`);
      assert.deepEqual(fields(calls), wanted, `${model} ${JSON.stringify(more)}`);
      assert.ok(calls[0]!.body.inferenceConfig!.maxTokens! <= 4096);
    }
  });

  it("leaves the prompt cache at work", async () => {
    const system = { role: "system", content: "You write programs. ".repeat(600) };
    const { answer: first } = await ask("light", { thinking, messages: [system, question] });
    const messages = [system, question, messageOf(first), { role: "user", content: "And now?" }];
    const { answer, calls } = await ask("light", { thinking, messages });
    assert.equal(answer.status, 200, Client.words(answer));
    assert.ok(calls[0]!.billed!.cacheReadInputTokens > 2500, JSON.stringify(calls[0]!.billed));
  });

  it("of an answer that is begun for the model is refused", async () => {
    const messages = [question, { role: "assistant", content: "It says" }];
    const { answer, calls } = await ask("light", { thinking, messages });
    assert.equal(answer.status, 400, Client.words(answer));
    assert.equal(calls.length, 1);
  });
});

describe("cache marks", () => {
  const client = useClient(world);
  const marked = ({ body }: BedrockRequest): number =>
    [body.toolConfig?.tools ?? [], body.system ?? [], ...body.messages.map(({ content }) => content)]
      .flat()
      .filter((block) => "cachePoint" in block).length;

  it("are two of the four that Bedrock takes, however many system messages there are", async () => {
    const key = (await onboard(world(), departmentState("marks", { a: {} })))["a"]!;
    const systems = Array.from({ length: 5 }, (_, at) => ({
      role: "system",
      content: `Rule ${String(at)}. `.repeat(700),
    }));
    const turns = (count: number) => [
      ...systems,
      ...Array.from({ length: count }, (_, at) => ({
        role: at % 2 === 0 ? "user" : "assistant",
        content: `Turn ${String(at)}. `.repeat(200),
      })),
    ];
    const from = world().bedrock.requests.length;
    for (const count of [1, 3, 5]) {
      const answer = await client.chat({ key, model: "standard", more: { messages: turns(count) } });
      assert.equal(answer.status, 200, Client.words(answer));
    }
    const calls = world().bedrock.requests.slice(from);
    const cache = new PromptCache();
    for (const [at, call] of calls.entries()) {
      assert.equal(marked(call), 2);
      const { cacheReadInputTokens, inputTokens } = cache.count(call.model, call.body, call.arrived);
      // From the second turn on all that was there before is read, the conversation too.
      if (at > 0) assert.ok(cacheReadInputTokens >= 7400 && inputTokens === 0, JSON.stringify(call.billed));
    }
  });

  it("of the caller stay alone", async () => {
    const key = (await onboard(world(), departmentState("marks-own", { a: {} })))["a"]!;
    const mark = { cache_control: { type: "ephemeral" } };
    const messages = [
      { role: "system", content: [{ type: "text", text: "Be brief.", ...mark }] },
      ...["a", "b"].flatMap((text) => [
        { role: "user", content: [{ type: "text", text, ...mark }] },
        { role: "assistant", content: text },
      ]),
      { role: "user", content: "c" },
    ];
    const from = world().bedrock.requests.length;
    const tools = [{ ...tool, ...mark }];
    const answer = await client.chat({ key, more: { messages, tools } });
    assert.equal(answer.status, 200, Client.words(answer));
    assert.ok(marked(world().bedrock.requests[from]!) <= 4);
  });
});

describe("an answer to a JSON schema", () => {
  const client = useClient(world);
  let key: string;
  before(async () => {
    key = (await onboard(world(), departmentState("schema", { a: {} })))["a"]!;
  });

  for (const stream of [false, true]) {
    it(`is held to it by Bedrock, or refused in words${stream ? ", streamed" : ""}`, async () => {
      for (const model of modelTiers) {
        const from = world().bedrock.requests.length;
        world().bedrock.script(profileOf("schema", model), [{ text: '{"ok":true}' }]);
        const answer = await client.chat({ key, model, stream, more: { response_format: schema } });
        const calls = world().bedrock.requests.slice(from);
        if (model === "strong") {
          assert.equal(answer.status, 400, Client.words(answer));
          assert.match(answer.text, /response_format: strong/);
          assert.equal(calls.length, 0);
          continue;
        }
        assert.equal(answer.status, 200, `${model} ${Client.words(answer)}`);
        const format = calls[0]!.body.outputConfig?.["textFormat"] as { readonly type?: string } | undefined;
        assert.equal(format?.type, "json_schema", `${model} ${JSON.stringify(calls[0]!.body)}`);
      }
    });
  }

  it("comes from no fallback that would leave the schema out", async () => {
    const { bedrock } = world();
    for (const tier of ["standard", "light"] as const)
      bedrock.plan(profileOf("schema", tier), { failure: { error: "ThrottlingException" } });
    const from = bedrock.requests.length;
    const answer = await client.chat({ key, model: "standard", more: { response_format: schema } });
    assert.equal(answer.status, 429, Client.words(answer));
    const asked = bedrock.requests.slice(from).map(({ model }) => model);
    assert.deepEqual(new Set(asked), new Set([profileOf("schema", "standard"), profileOf("schema", "light")]));
  });

  it("and a demand for a tool are refused where the model takes none", async () => {
    for (const choice of ["required", { type: "function", function: { name: "read_file" } }]) {
      for (const model of modelTiers) {
        const answer = await client.chat({ key: key, model, more: { tools: [tool], tool_choice: choice } });
        if (model === "light") assert.notEqual(answer.status, 400, Client.words(answer));
        else assert.match(answer.text, /tool_choice: /);
      }
    }
  });
});
