import { faults, headers, type Plant, type WordedCase } from "./worded";

/** A request for embeddings with a planted word wherever a caller's text goes. */
const texts =
  (more: (plant: Plant) => Readonly<Record<string, unknown>> = () => ({})) =>
  (plant: Plant) => ({
    model: "embedding",
    path: "/v1/embeddings",
    more: {
      messages: undefined,
      max_tokens: undefined,
      input: [plant("first text"), `function ${plant("prompt")}() {}`, plant("last text")],
      user: plant("user"),
      ...more(plant),
    },
    headers: headers(plant),
  });

/** Ways by the route of embeddings. */
export const embeddingsCases: Readonly<Record<string, WordedCase>> = {
  "embeddings, answered": { ask: texts(), status: 200 },
  "embeddings, in base64": { ask: texts(() => ({ encoding_format: "base64", dimensions: 256 })), status: 200 },
  "embeddings, a fault of Bedrock": { ask: texts(), plans: faults("ValidationException"), status: 400 },
  "embeddings, throttled": { ask: texts(), plans: faults("ThrottlingException"), status: 429 },
  "embeddings, refused for a field": { ask: texts((plant) => ({ [plant("field")]: plant("value") })), status: 400 },
  "embeddings, refused for a format": {
    ask: texts((plant) => ({ encoding_format: plant("format"), dimensions: plant("dimensions") })),
    status: 400,
  },
  "embeddings, refused for a model": { ask: (plant) => ({ ...texts()(plant), model: plant("model") }), status: 400 },
};
