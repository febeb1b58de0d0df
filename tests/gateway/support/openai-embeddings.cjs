"use strict";
// OpenAI's own SDK with its defaults: one line of JSON for each thing that it got.
const { OpenAI } = require(`${process.env.GATEWAY_NODE_MODULES}/openai`);

const client = new OpenAI({ maxRetries: 0 });
const tell = ({ data, model, usage }) =>
  console.log(
    JSON.stringify({
      vectors: data.map(({ embedding }) => [...embedding]),
      order: data.map(({ index }) => index),
      model,
      tokens: usage.prompt_tokens,
    }),
  );

(async () => {
  const [one, ...more] = process.argv.slice(2);
  tell(await client.embeddings.create({ model: "embedding", input: one }));
  tell(await client.embeddings.create({ model: "embedding", input: more, dimensions: 256 }));
  await client.embeddings.create({ model: "embedding", input: one, dimensions: 300 }).catch((error) => {
    if (error.status !== 400) throw error;
    console.log(JSON.stringify(error.error.message));
  });
})();
