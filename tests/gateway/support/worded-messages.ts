import { answered, faults, headers, type Plant, type WordedCase } from "./worded";

/** A body of Anthropic's shape with a planted word wherever a caller's text goes. */
function everywhere(plant: Plant): Record<string, unknown> {
  const id = `toolu_${plant("id of a tool call")}`;
  const properties = { path: { type: "string", enum: [plant("tool's schema")] } };
  const source = { type: "base64", media_type: "image/png", data: `iVBORw0KGgoA${plant("image")}AAAA` };
  return {
    max_tokens: 4000,
    stop_sequences: [plant("stop word")],
    metadata: { user_id: plant("metadata") },
    system: [{ type: "text", text: plant("system message") }],
    tools: [{ name: "read_file", description: plant("tool"), input_schema: { type: "object", properties } }],
    messages: [
      { role: "user", content: `Read ${plant("first prompt")}.` },
      {
        role: "assistant",
        content: [
          { type: "text", text: plant("earlier answer") },
          { type: "tool_use", id, name: "read_file", input: { path: `/src/${plant("file name")}.ts` } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: id, is_error: true, content: plant("tool result") },
          { type: "text", text: plant("prompt") },
          { type: "image", source },
        ],
      },
    ],
  };
}

const inMessages =
  (more: Readonly<Record<string, unknown>> = {}) =>
  (plant: Plant) => ({
    model: "standard",
    path: "/v1/messages",
    more: { ...everywhere(plant), ...more },
    headers: headers(plant),
  });

/** Ways by the route of Anthropic's shape. */
export const messagesCases: Readonly<Record<string, WordedCase>> = {
  "Anthropic's shape, answered": { ask: inMessages(), plans: (plant) => [answered(plant)], status: 200 },
  "Anthropic's shape, streamed": {
    ask: inMessages({ stream: true }),
    plans: (plant) => [{ ...answered(plant), thinking: plant("thought") }],
    status: 200,
  },
  "Anthropic's shape, a fault of Bedrock": {
    ask: inMessages(),
    plans: faults("ValidationException"),
    status: 400,
  },
  "Anthropic's shape, an error inside a stream": {
    ask: inMessages({ stream: true }),
    plans: faults("ModelStreamErrorException", 2),
    status: 200,
  },
  "Anthropic's shape, refused for a field": {
    ask: (plant) => inMessages({ [plant("field")]: plant("value") })(plant),
    status: 400,
  },
  "Anthropic's shape, refused for a version": {
    ask: (plant) => ({
      path: "/v1/messages",
      more: everywhere(plant),
      headers: { "anthropic-version": plant("version"), "anthropic-beta": plant("beta") },
    }),
    status: 400,
  },
};
