"""Anthropic's own SDK with its defaults, as a person's program: one line of JSON for each thing that it got."""

import json
import sys

import anthropic

client = anthropic.Anthropic(max_retries=0)
tool = {"name": "read_file", "description": "Reads a file", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}


def tell(**found):
    print(json.dumps(found))


def plain(model):
    answer = client.messages.create(model=model, max_tokens=100, messages=[{"role": "user", "content": "hello"}])
    tell(text=answer.content[0].text, reason=answer.stop_reason, model=answer.model, input=answer.usage.input_tokens, output=answer.usage.output_tokens)


def streamed(model):
    with client.messages.stream(model=model, max_tokens=100, messages=[{"role": "user", "content": "hello"}]) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    tell(text=text, reason=final.stop_reason, model=final.model, input=final.usage.input_tokens, output=final.usage.output_tokens)


def agent(model):
    """A tool's call with thinking, and the next turn with all of it sent back."""
    ask = {"model": model, "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}, "tools": [tool]}
    turns = [{"role": "user", "content": "Read a.ts."}]
    with client.messages.stream(messages=turns, **ask) as stream:
        first = stream.get_final_message()
    call = first.content[-1]
    turns += [
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "no such file", "is_error": True}]},
    ]
    second = client.messages.create(messages=turns, **ask)
    tell(first=[block.type for block in first.content], reason=first.stop_reason, called=call.input, second=[block.type for block in second.content])


def refused(model):
    found = []
    for ask in ({"model": "claude-opus-5-5"}, {"model": model, "top_k": 5}, {"model": model, "extra_headers": {"anthropic-beta": "context-1m-2025-08-07"}}):
        try:
            client.messages.create(max_tokens=10, messages=[{"role": "user", "content": "hello"}], **ask)
        except anthropic.APIStatusError as error:
            found.append([type(error).__name__, error.body["error"]["type"]])
    tell(refused=found)


for name in sys.argv[2:]:
    globals()[name](sys.argv[1])
