import assert from "node:assert/strict";
import { get } from "node:https";
import { readFileSync } from "node:fs";
import { runCommand } from "../engine/support/command";
import { installed } from "./prisma/paths";
import { Client, useClient, type Ask } from "./support/client";
import { departmentState, onboard, profileOf } from "./support/departments";
import { world } from "./support/hooks";
import { openAiEnvironment } from "./support/openai";

const department = "clients";
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const mark = { cache_control: { type: "ephemeral" } };
const call = { id: "toolu_1", type: "function", function: { name: "read_file", arguments: '{"path":"a.ts"}' } };
const tool = {
  type: "function",
  function: {
    name: "read_file",
    description: "Reads a file",
    strict: false,
    parameters: {
      type: "object",
      properties: { path: { type: "string" } },
      required: ["path"],
      additionalProperties: false,
    },
  },
};
const schema = {
  type: "json_schema",
  json_schema: {
    name: "answer",
    strict: true,
    schema: {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    },
  },
};
const conversation = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Read a.ts." },
  { role: "assistant", content: "I read it.", tool_calls: [call] },
  { role: "tool", tool_call_id: "toolu_1", content: "export {};" },
  { role: "user", content: [{ type: "text", text: "And?" }] },
];

/** What clients send, beside model and messages: by client. */
const shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // apps/vscode/src/core/api/providers/litellm.ts:283-297 of cline/cline v4.0.12 (f267bf4): no max_tokens, one temperature for all.
  "Cline's extension 4.0.12": {
    temperature: 1,
    stream: true,
    drop_params: true,
    stream_options: { include_usage: true },
    litellm_session_id: "cline-01K9ZJX4V5Q0",
    messages: [
      { role: "system", content: [{ text: "Be brief.", type: "text", ...mark }] },
      { role: "user", content: [{ type: "text", text: "Read a.ts." }] },
      { role: "assistant", content: "I read it.", tool_calls: [call] },
      { role: "tool", tool_call_id: "toolu_1", content: "export {};" },
      {
        role: "user",
        content: [
          { type: "text", text: "See the picture." },
          { type: "image_url", image_url: { url: pixel }, ...mark },
        ],
      },
    ],
    tools: [tool],
  },
  "Cline's extension 4.0.12, thinking": {
    stream: true,
    drop_params: true,
    stream_options: { include_usage: true },
    thinking: { type: "enabled", budget_tokens: 2048 },
  },
  "OpenAI's SDKs, plain": {},
  "OpenAI's SDKs, a stream by default": { stream: true },
  "OpenAI's SDKs, a stream with usage": {
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
  },
  "LangChain's defaults": { n: 1, temperature: 0.7, top_p: 1, frequency_penalty: 0, presence_penalty: 0, stream: true },
  "aider's": { temperature: 0, stream: true, max_tokens: 4096 },
};

/** What any of them may add. */
const extras: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  nothing: {},
  tools: { tools: [tool], tool_choice: "auto", parallel_tool_calls: false, messages: conversation },
  "an image": {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: pixel, detail: "auto" } },
        ],
      },
    ],
  },
  thinking: {
    thinking: { type: "enabled", budget_tokens: 1024 },
    max_tokens: 4096,
    temperature: undefined,
    top_p: undefined,
  },
  "a JSON schema": { response_format: schema },
};

describe("clients of the gateway", () => {
  const client = useClient(world);
  let key: string;

  before(async () => {
    key = (await onboard(world(), departmentState(department, { a: {} })))["a"]!;
  });

  /** Sends, expects 200 through the department's profile, and a stream to end as OpenAI's do. */
  async function served(ask: Partial<Ask>, stream: boolean): Promise<string> {
    const sent = world().bedrock.requests.length;
    const answer = await client.chat({ key, model: "standard", ...ask });
    assert.equal(answer.status, 200, Client.words(answer));
    assert.equal(world().bedrock.requests.at(-1)?.model, profileOf(department, "standard"));
    assert.equal(world().bedrock.requests.length, sent + 1);
    if (stream) assert.match(answer.text, /data: \[DONE\]\s*$/);
    assert.doesNotMatch(answer.text, /arn:aws|anthropic\.|"fields not allowed/);
    return answer.text;
  }

  for (const [who, shape] of Object.entries(shapes)) {
    for (const [what, extra] of Object.entries(extras)) {
      it(`serves ${who}, with ${what}`, async () => {
        const text = await served({ more: { max_tokens: undefined, ...shape, ...extra } }, shape["stream"] === true);
        const options = (shape["stream_options"] ?? {}) as { include_usage?: boolean };
        if (shape["stream"] === true)
          assert.equal(/"usage":\s*\{/.test(text), options.include_usage === true, text.slice(-600));
      });
    }
  }

  it("tells a key its models, as Cline asks for them", async () => {
    for (const headers of [{ "x-litellm-api-key": key }, { authorization: `Bearer ${key}` }]) {
      const { status, text } = await fetched("/v1/model/info", headers);
      assert.equal(status, 200, text);
      const { data } = JSON.parse(text) as { data: { model_name: string; model_info: Record<string, number> }[] };
      assert.deepEqual(data.map(({ model_name }) => model_name).sort(), ["light", "standard", "strong"]);
      for (const { model_info } of data) assert.ok((model_info["input_cost_per_token"] ?? 0) > 0);
      assert.doesNotMatch(text, /arn:|anthropic|amazon/);
    }
    assert.equal((await fetched("/v1/model/info", { authorization: "Bearer sk-0123456789abcdef" })).status, 401);
  });

  it("serves OpenAI's Python SDK with its defaults, plain and streamed", async () => {
    const program = [
      "import sys, openai",
      "client = openai.OpenAI(max_retries=0)",
      "ask = dict(model='standard', messages=[{'role': 'user', 'content': 'hello'}])",
      "print(client.chat.completions.create(**ask).choices[0].message.content)",
      "print(''.join(chunk.choices[0].delta.content or '' for chunk in client.chat.completions.create(stream=True, **ask) if chunk.choices))",
      "print(sorted(model.id for model in client.models.list()))",
    ].join("\n");
    const run = await runCommand(installed("GATEWAY_PYTHON"), ["-c", program], {
      cwd: "/",
      env: openAiEnvironment(key),
      deadlineMs: 60_000,
    });
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(run.stdout.trim().split("\n"), [
      "A short answer.",
      "A short answer.",
      "['light', 'standard', 'strong']",
    ]);
  });

  function fetched(path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      get(new URL(path, world().url), { ca: readFileSync(world().certificates.ca), headers }, (answer) => {
        let text = "";
        answer.on("data", (part: Buffer) => (text += part.toString()));
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      }).once("error", reject);
    });
  }
});
