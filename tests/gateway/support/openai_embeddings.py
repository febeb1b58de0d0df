"""OpenAI's own SDK with its defaults: one line of JSON for each thing that it got."""

import json
import sys

import openai

client = openai.OpenAI(max_retries=0)


def tell(answer):
    vectors = [each.embedding for each in answer.data]
    print(json.dumps({"vectors": vectors, "order": [each.index for each in answer.data], "model": answer.model, "tokens": answer.usage.prompt_tokens}))


one, *more = sys.argv[1:]
tell(client.embeddings.create(model="embedding", input=one))
tell(client.embeddings.create(model="embedding", input=more, dimensions=256))
try:
    client.embeddings.create(model="embedding", input=one, dimensions=300)
except openai.BadRequestError as error:
    print(json.dumps(error.body["message"]))
