import type { Failure } from "../stand-ins/answer";
import { answered, faults, headers, type Plant, type WordedCase } from "./worded";
import { embeddingsCases } from "./worded-embeddings";
import { messagesCases } from "./worded-messages";

/** A body with a planted word wherever a caller's text goes. */
function everywhere(plant: Plant): Record<string, unknown> {
  const id = `toolu_${plant("id of a tool call")}`;
  const call = {
    id,
    type: "function",
    function: { name: "read_file", arguments: JSON.stringify({ path: `/src/${plant("file name")}.ts` }) },
  };
  const parameters = { type: "object", properties: { path: { type: "string", enum: [plant("tool's schema")] } } };
  const url = `data:image/png;base64,iVBORw0KGgoA${plant("image")}AAAA`;
  return {
    max_tokens: 4000,
    stop: [plant("stop word")],
    tools: [{ type: "function", function: { name: "read_file", description: plant("tool"), parameters } }],
    messages: [
      { role: "system", content: plant("system message") },
      { role: "user", content: `Read ${plant("first prompt")}.` },
      { role: "assistant", content: plant("earlier answer"), tool_calls: [call] },
      { role: "tool", tool_call_id: id, content: plant("tool result") },
      {
        role: "user",
        content: [
          { type: "text", text: plant("prompt") },
          { type: "image_url", image_url: { url } },
        ],
      },
    ],
  };
}

const whole =
  (more: Readonly<Record<string, unknown>> = {}) =>
  (plant: Plant) => ({
    model: "standard",
    more: { ...everywhere(plant), ...more },
    headers: headers(plant),
  });

const failing = (error: Failure["error"], stream: boolean, status: number, afterPieces?: number): WordedCase => ({
  ask: (plant) => ({ ...whole()(plant), stream }),
  plans: faults(error, afterPieces),
  status,
});

const errors = [
  ["ValidationException", 400],
  ["AccessDeniedException", 403],
  ["ResourceNotFoundException", 404],
  ["ThrottlingException", 429],
  ["ModelErrorException", 424],
  ["InternalServerException", 503],
  ["ServiceUnavailableException", 503],
] as const;

/** Refused before Bedrock is asked. */
const refused: Readonly<Record<string, WordedCase>> = {
  "the edge: a field's name and value": {
    ask: (plant) => ({ more: { ...everywhere(plant), [plant("field")]: plant("value") } }),
    status: 400,
  },
  "the edge: user and metadata": {
    ask: (plant) => ({ more: { ...everywhere(plant), user: plant("user"), metadata: { note: plant("metadata") } } }),
    status: 400,
  },
  "the edge: a role": {
    ask: (plant) => ({ more: { messages: [{ role: plant("role"), content: "a" }] } }),
    status: 400,
  },
  "the edge: a query": { ask: (plant) => ({ path: `/v1/chat/completions?a=${plant("query")}` }), status: 400 },
  "the edge: a path": { ask: (plant) => ({ path: `/v1/${plant("path")}` }), status: 404 },
  "the edge: a steering header": {
    ask: (plant) => ({ headers: { "x-litellm-tags": plant("steering header") } }),
    status: 400,
  },
  "LiteLLM: a key": { ask: (plant) => ({ key: `sk-${plant("key")}`, more: everywhere(plant) }), status: 401 },
  "the edge: a model": { ask: (plant) => ({ model: plant("model"), more: everywhere(plant) }), status: 400 },
  "the hook: thinking without room": {
    ask: (plant) => ({
      model: "light",
      more: { ...everywhere(plant), max_tokens: 1500, thinking: { type: "enabled", budget_tokens: 2000 } },
    }),
    status: 400,
  },
  "the hook: a JSON schema": {
    ask: (plant) => ({
      model: "strong",
      more: {
        ...everywhere(plant),
        response_format: { type: "json_schema", json_schema: { name: plant("schema"), schema: { type: "object" } } },
      },
    }),
    status: 400,
  },
};

/** Ways that a request may take, by name. */
export const wordedCases: Readonly<Record<string, WordedCase>> = {
  "an answer": { ask: whole(), plans: (plant) => [answered(plant)], status: 200 },
  "an answer with thoughts": {
    ask: (plant) => ({
      model: "light",
      content: plant("prompt"),
      more: { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 1024 } },
    }),
    plans: (plant) => [{ thinking: plant("thought"), text: plant("answer") }],
    status: 200,
  },
  "a stream": {
    ask: (plant) => ({ ...whole()(plant), stream: true }),
    plans: (plant) => [answered(plant)],
    status: 200,
  },
  "an abandoned stream": {
    ask: (plant) => ({ ...whole()(plant), stream: true }),
    plans: (plant) => [{ ...answered(plant), pieces: 20, pieceMs: 200 }],
    status: 0,
  },
  "a fallback": {
    ask: (plant) => ({ ...whole()(plant), model: "strong" }),
    plans: (plant, quoted) => [
      ...Array.from({ length: 2 }, () => ({
        failure: { error: "ThrottlingException" as const, message: `Too many: '${quoted}' ${plant("fault")}` },
      })),
      answered(plant),
    ],
    status: 200,
  },
  "a prompt that is too long": {
    ask: whole(),
    plans: (plant, quoted) => [
      {
        failure: {
          error: "ValidationException",
          message: `Input is too long for requested model: '${quoted}' ${plant("fault")}`,
        },
      },
    ],
    status: 400,
  },
  ...Object.fromEntries(
    errors.flatMap(([error, status]) => [
      [error, failing(error, false, status)],
      [`${error}, streamed`, failing(error, true, status)],
    ]),
  ),
  "an error inside a stream": failing("ModelStreamErrorException", true, 200, 2),
  "throttling inside a stream": failing("ThrottlingException", true, 200, 2),
  "a fault inside a stream": failing("ValidationException", true, 200, 2),
  ...messagesCases,
  ...embeddingsCases,
  ...Object.fromEntries(Object.entries(refused).map(([name, one]) => [`refused by ${name}`, one])),
};
