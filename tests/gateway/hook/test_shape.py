"""Which bodies pass, and what LiteLLM receives of them: tables, no server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cline_gateway.refused import Refused
from cline_gateway.shape import ALLOWED_FIELDS, accepted

MESSAGES = [{"role": "user", "content": "hello"}]


GROUPS = ("light", "standard", "strong")


def body(**more: Any) -> dict[str, Any]:
    return {"model": "strong", "messages": MESSAGES, **more}


def content(*parts: Any) -> dict[str, Any]:
    return body(messages=[*MESSAGES, {"role": "user", "content": list(parts)}])


def refusal(data: Any) -> str:
    with pytest.raises(Refused) as refused:
        accepted(data, GROUPS)
    assert refused.value.status == 400 and refused.value.retry_after is None
    return refused.value.message


READ = {"type": "function", "function": {"name": "read", "description": "d", "parameters": {"type": "object", "properties": {}}}}
CALL = {"id": "1", "type": "function", "function": {"name": "read", "arguments": "{}"}}
MARK = {"cache_control": {"type": "ephemeral"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}, "strict": True}}

UNCHANGED = {
    "the least": body(),
    "a stream without options": body(stream=True),
    "a stream with usage": body(stream=True, stream_options={"include_usage": True}, max_tokens=8192, temperature=0, tool_choice="auto"),
    "reasoning": body(reasoning_effort="high", thinking={"type": "enabled", "budget_tokens": 1024}),
    "no thinking": body(thinking={"type": "disabled"}),
    "functions": body(tools=[READ, {**READ, **MARK}], parallel_tool_calls=False, tool_choice={"type": "function", "function": {"name": "read"}}),
    "a JSON schema": body(response_format=SCHEMA),
    "a JSON object": body(response_format={"type": "json_object"}),
    "stops": body(stop=["a", "b"], top_p=0.5, seed=7),
    "one stop": body(stop="a"),
    "a session": body(litellm_session_id="task-1:2.3_4"),
    "a longest session": body(litellm_session_id="a" * 128),
    "a tool's answer": body(
        messages=[
            {"role": "system", "content": [{"type": "text", "text": "a", **MARK}]},
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "1", "content": "done"},
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "done"}]},
        ]
    ),
    "text and an image": content({"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}, **MARK}),
    "an image as a bare address": content({"type": "image_url", "image_url": "data:image/png;base64,AAAA"}),
    "thoughts": body(
        messages=[
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": "a", "signature": "b"}, {"type": "redacted_thinking", "data": "c"}],
                "thinking_blocks": [{"type": "thinking", "thinking": "a", "signature": "b"}],
            }
        ]
    ),
}


@pytest.mark.parametrize("data", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_passes_unchanged(data: dict[str, Any]) -> None:
    assert json.loads(accepted(data, GROUPS)) == data


LEFT_OUT = {
    "Cline's drop_params": (body(drop_params=True), body()),
    "defaults of LangChain": (body(n=1, frequency_penalty=0, presence_penalty=0.0, logprobs=False, store=False), body()),
    "OpenAI's padding": (body(stream_options={"include_usage": True, "include_obfuscation": False}), body(stream_options={"include_usage": True})),
    "what another provider said": (
        body(messages=[{"role": "assistant", "content": "a", "annotations": [], "audio": None, "function_call": None, "provider_specific_fields": {"x": 1}}]),
        body(messages=[{"role": "assistant", "content": "a"}]),
    ),
    "absent fields as null": (body(user=None, metadata=None, stop=None, max_tokens=None, logit_bias=None), body()),
    "fields inside a part": (content({"type": "text", "text": "a", "model_id": "x"}), content({"type": "text", "text": "a"})),
}


@pytest.mark.parametrize(("data", "received"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_leaves_out(data: dict[str, Any], received: dict[str, Any]) -> None:
    assert json.loads(accepted(data, GROUPS)) == received


STEERING = (
    "model_id", "aws_region_name", "aws_role_name", "aws_session_name", "aws_bedrock_runtime_endpoint", "aws_access_key_id", "api_base",
    "base_url", "api_key", "custom_llm_provider", "fallbacks", "context_window_fallbacks", "mock_response", "user", "tags", "priority",
    "guardrails", "guardrailConfig", "extra_body", "extra_headers", "headers", "timeout", "num_retries", "cache", "no-log", "callbacks",
    "user_config", "specific_deployment", "allowed_openai_params", "additionalModelRequestFields", "metadata", "litellm_metadata", "prompt_id",
    "input_cost_per_token", "cache_control_injection_points", "litellm_call_id", "proxy_server_request", "secret_fields",
    "litellm_logging_obj", "_litellm_strip_stream_usage", "Model", "model ",
)  # fmt: skip


@pytest.mark.parametrize("field", STEERING)
def test_a_field_that_steers_litellm_is_refused_by_name_without_its_value(field: str) -> None:
    message = refusal(body(**{field: "a-value-of-the-caller"}))
    assert f"not allowed here: {field};" in message
    assert "a-value-of-the-caller" not in message


def test_all_foreign_fields_are_named_at_once_and_cut_short() -> None:
    message = refusal(body(zebra=1, aws_region_name="x", **{"y" * 500: 1}))
    assert f"not allowed here: aws_region_name, {'y' * 64}, zebra;" in message


def test_a_crowd_of_foreign_fields_is_counted() -> None:
    message = refusal(body(**{f"x{at:05}": 1 for at in range(5_000)}))
    assert "x00019 and 4980 more;" in message and len(message) < 1_000


def test_none_of_the_allowed_fields_is_one_that_steers() -> None:
    assert ALLOWED_FIELDS.isdisjoint(STEERING)


def test_every_fault_is_named_once_up_to_twenty() -> None:
    message = refusal(content(*[{"type": "file"}] * 30) | {"n": 2})
    assert message.count("\n") == 20 and message.endswith("and 11 more")


REFUSED = {
    "no object": ([], "body: allowed is a JSON object"),
    "more than one answer": (body(n=2), "n: allowed 1"),
    "no number of answers": (body(n="many"), "n:"),
    "a session with a blank": (body(litellm_session_id="a b"), "litellm_session_id: allowed are up to 128"),
    "a session with a line end": (body(litellm_session_id="a\n"), "litellm_session_id"),
    "a session too long": (body(litellm_session_id="a" * 129), "litellm_session_id"),
    "a session that is no text": (body(litellm_session_id=7), "litellm_session_id"),
    "a tool that the provider runs": (body(tools=[{"type": "web_search"}]), "tools[0].type"),
    "a server as a tool": (body(tools=[READ, {"type": "mcp", "server_url": "https://x"}]), "tools[1].type"),
    "tools that are no list": (body(tools={"type": "function"}), "tools"),
    "a tool that is no object": (body(tools=["function"]), "tools[0]"),
    "no messages": ({"model": "strong"}, "messages: field required"),
    "no model of ours": (body(model="of-mine"), "model: allowed light, standard, strong"),
    "an empty list of messages": (body(messages=[]), "messages"),
    "messages as text": (body(messages="hello"), "messages"),
    "a message as text": (body(messages=["hello"]), "messages[0].role"),
    "a message of nobody": (body(messages=[{"role": "robot", "content": "a"}]), "messages[0].role: allowed system, developer, user"),
    "content as a number": (body(messages=[{"role": "user", "content": 7}]), "messages[0].content"),
    "content as an object": (body(messages=[{"role": "user", "content": {"type": "text"}}]), "messages[0].content"),
    "a part as text": (content("hello"), "messages[1].content[0]"),
    "a file": (content({"type": "text", "text": "a"}, {"type": "file", "file": {"file_id": "s3://x"}}), "messages[1].content[1].type: allowed text, image_url"),
    "a sound": (content({"type": "input_audio", "input_audio": {}}), "content[0].type"),
    "a video": (content({"type": "video_url", "video_url": "https://x"}), "content[0].type"),
    "a document": (content({"type": "document", "source": {}}), "content[0].type"),
    "a part without a type": (content({"text": "a"}), "content[0].type"),
    "an image in a tool's answer elsewhere": (
        body(messages=[{"role": "tool", "tool_call_id": "1", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}]),
        "messages[0].content[0].image_url.url: allowed is a data:image/ address",
    ),
    "an image elsewhere": (content({"type": "image_url", "image_url": {"url": "http://169.254.169.254/x"}}), "image_url.url"),
    "an image in a file": (content({"type": "image_url", "image_url": "file:///etc/passwd"}), "image_url"),
    "a video as an image": (content({"type": "image_url", "image_url": "data:image/mp4;base64,AAAA"}), "image_url"),
    "a drawing": (content({"type": "image_url", "image_url": "data:image/svg+xml,<svg/>"}), "image_url"),
    "an image that is not base64": (content({"type": "image_url", "image_url": "data:image/png;base64,AA,BB"}), "image_url"),
    "an address behind an image": (content({"type": "image_url", "image_url": {"url": "data:image/png,x?https://127.0.0.1:9/"}}), "image_url.url"),
    "a seed beyond 64 bits": (body(seed=10**30), "seed"),
    "tokens beyond 32 bits": (body(max_tokens=10**12), "max_tokens"),
    "a crowd of messages": (body(messages=MESSAGES * 10_001), "messages"),
    "data that is no image": (content({"type": "image_url", "image_url": "data:text/html,x"}), "image_url"),
    "an image without an address": (content({"type": "image_url", "image_url": {}}), "image_url.url: field required"),
    "a day's cache": (content({"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "24h"}}), "cache_control.ttl"),
    "a cache mark with more": (content({"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "x": 1}}), "cache_control.x"),
    "thinking with more": (body(thinking={"type": "enabled", "budget_tokens": 2000, "x": 1}), "thinking.x"),
    "too little thinking": (body(thinking={"type": "enabled", "budget_tokens": 10}), "thinking.budget_tokens"),
    "thinking as text": (body(thinking="enabled"), "thinking.type: allowed disabled, adaptive, enabled"),
    "effort beyond the scale": (body(reasoning_effort="huge"), "reasoning_effort"),
    "stream options with more": (body(stream_options={"include_usage": True, "x": 1}), "stream_options.x"),
    "a schema with more": (body(response_format={**SCHEMA, "x": 1}), "response_format.x"),
    "a penalty": (body(frequency_penalty=0.5), "frequency_penalty: allowed 0"),
    "probabilities": (body(logprobs=True), "logprobs: allowed false"),
    **{
        f"{field} {wish!r}": (body(**{field: wish}), field)
        for field in ("max_tokens", "max_completion_tokens")
        for wish in (0, -1, True, 1.5, "100", [100], float("inf"))
    },
}


@pytest.mark.parametrize(("data", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_with_its_place_and_never_its_value(data: Any, named: str) -> None:
    message = refusal(data)
    assert named in message
    for secret in ("169.254", "passwd", "s3://", "https://", "hello", "huge", "robot"):
        assert secret not in message
