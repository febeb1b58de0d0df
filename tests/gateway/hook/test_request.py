"""Which requests pass: tables, no server."""

from __future__ import annotations

from typing import Any

import pytest

from cline_gateway.request import (
    ALLOWED_FIELDS,
    ALLOWED_PARTS,
    Refused,
    bound_tokens,
    check_body,
    check_call,
    inference_profile,
    own_fallbacks,
    priority_class,
)
from cline_gateway.settings import ModelGroup

MESSAGES = [{"role": "user", "content": "hello"}]
GROUP = ModelGroup(default_max_tokens=8192, max_tokens=38_400, max_in_flight=30, fallbacks=("light", "strong"))


def body(**more: Any) -> dict[str, Any]:
    return {"model": "strong", "messages": MESSAGES, **more}


def content(*parts: Any) -> dict[str, Any]:
    return body(messages=[*MESSAGES, {"role": "user", "content": list(parts)}])


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refused:
        check_body(data)
    assert refused.value.status == 400 and refused.value.retry_after is None
    return refused.value.message


PASSING = {
    "the least": body(),
    "what Cline sends": body(stream=True, stream_options={"include_usage": True}, max_tokens=8192, temperature=0, tool_choice="auto"),
    "reasoning": body(reasoning_effort="high", thinking={"type": "enabled", "budget_tokens": 1024}),
    "functions": body(tools=[{"type": "function", "function": {"name": "read", "parameters": {}}}], parallel_tool_calls=False),
    "one answer": body(n=1),
    "a session": body(litellm_session_id="task-1:2.3_4"),
    "a longest session": body(litellm_session_id="a" * 128),
    "LiteLLM's own beside it": body(metadata={"user_api_key": "x", "requester_metadata": {"trace_id": "1"}}, litellm_call_id="1", secret_fields={}),
    "a tool's answer": body(messages=[{"role": "assistant", "content": None, "tool_calls": []}, {"role": "tool", "content": "done"}]),
    "text and an image": content({"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}),
    "an image as a bare address": content({"type": "image_url", "image_url": "data:image/png;base64,AAAA"}),
    "thoughts": content({"type": "thinking", "thinking": "a", "signature": "b"}, {"type": "redacted_thinking", "data": "c"}),
}


@pytest.mark.parametrize("data", PASSING.values(), ids=PASSING.keys())
def test_passes(data: dict[str, Any]) -> None:
    check_body(data)


STEERING = (
    "model_id", "aws_region_name", "aws_role_name", "aws_session_name", "aws_bedrock_runtime_endpoint", "aws_access_key_id", "api_base",
    "base_url", "api_key", "custom_llm_provider", "fallbacks", "context_window_fallbacks", "mock_response", "user", "tags", "priority",
    "guardrails", "guardrailConfig", "extra_body", "extra_headers", "headers", "timeout", "num_retries", "cache", "no-log", "callbacks",
    "user_config", "specific_deployment", "allowed_openai_params", "additionalModelRequestFields", "litellm_metadata", "prompt_id",
    "input_cost_per_token", "cache_control_injection_points", "Model", "model ",
)  # fmt: skip


@pytest.mark.parametrize("field", STEERING)
def test_a_field_that_steers_litellm_is_refused_by_name_without_its_value(field: str) -> None:
    message = refusal(body(**{field: "a-value-of-the-caller"}))
    assert f"not allowed here: {field};" in message
    assert "a-value-of-the-caller" not in message


def test_all_foreign_fields_are_named_at_once_and_cut_short() -> None:
    message = refusal(body(zebra=1, aws_region_name="x", **{"y" * 500: 1}))
    assert f"not allowed here: aws_region_name, {'y' * 64}, zebra;" in message


def test_none_of_the_allowed_fields_is_one_that_steers() -> None:
    assert ALLOWED_FIELDS.isdisjoint(STEERING)


REFUSED = {
    "metadata of the caller": (body(metadata={"requester_metadata": {"tags": ["x"]}}), "metadata.tags"),
    "more than one answer": (body(n=2), "n:"),
    "no number of answers": (body(n="many"), "n:"),
    "a session with a blank": (body(litellm_session_id="a b"), "litellm_session_id"),
    "a session with a line end": (body(litellm_session_id="a\n"), "litellm_session_id"),
    "a session too long": (body(litellm_session_id="a" * 129), "litellm_session_id"),
    "a session that is no text": (body(litellm_session_id=7), "litellm_session_id"),
    "a tool that the provider runs": (body(tools=[{"type": "web_search"}]), "tools"),
    "a server as a tool": (body(tools=[{"type": "function"}, {"type": "mcp", "server_url": "https://x"}]), "tools"),
    "tools that are no list": (body(tools={"type": "function"}), "tools"),
    "a tool that is no object": (body(tools=["function"]), "tools"),
    "no messages": ({"model": "strong"}, "messages"),
    "messages as text": (body(messages="hello"), "messages"),
    "a message as text": (body(messages=["hello"]), "messages"),
    "content as a number": (body(messages=[{"role": "user", "content": 7}]), "messages[0].content"),
    "content as an object": (body(messages=[{"role": "user", "content": {"type": "text"}}]), "messages[0].content"),
    "a part as text": (content("hello"), "messages[1].content[0]"),
    "a file": (content({"type": "text", "text": "a"}, {"type": "file", "file": {"file_id": "s3://x"}}), "messages[1].content[1].type"),
    "a sound": (content({"type": "input_audio", "input_audio": {}}), "content[0].type"),
    "a video": (content({"type": "video_url", "video_url": "https://x"}), "content[0].type"),
    "a document": (content({"type": "document", "source": {}}), "content[0].type"),
    "a part without a type": (content({"text": "a"}), "content[0].type"),
    "an image elsewhere": (content({"type": "image_url", "image_url": {"url": "http://169.254.169.254/x"}}), "image_url"),
    "an image in a file": (content({"type": "image_url", "image_url": "file:///etc/passwd"}), "image_url"),
    "data that is no image": (content({"type": "image_url", "image_url": "data:text/html,x"}), "image_url"),
    "an image without an address": (content({"type": "image_url", "image_url": {}}), "image_url"),
}


@pytest.mark.parametrize(("data", "named"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_with_its_place_and_never_its_value(data: dict[str, Any], named: str) -> None:
    message = refusal(data)
    assert named in message
    for secret in ("169.254", "passwd", "s3://", "https://"):
        assert secret not in message


def test_no_part_that_is_read_from_elsewhere_is_allowed() -> None:
    assert ALLOWED_PARTS == {"text", "image_url", "thinking", "redacted_thinking", "refusal"}


@pytest.mark.parametrize(
    ("url", "headers", "named"),
    [
        ("http://g/v1/chat/completions?model_id=x", {}, "query"),
        ("http://g/v1/chat/completions", {"x-litellm-timeout": "1"}, "x-litellm-timeout"),
        ("http://g/v1/chat/completions", {"X-LiteLLM-Tags": "1"}, "x-litellm-tags"),
        ("http://g/v1/chat/completions", {"x-amzn-bedrock-trace": "1"}, "x-amzn-bedrock-trace"),
        ("http://g/v1/chat/completions", {"anthropic-beta": "1", "baggage": "1"}, "anthropic-beta, baggage"),
    ],
)
def test_a_call_that_steers_from_beside_the_body_is_refused(url: str, headers: dict[str, str], named: str) -> None:
    with pytest.raises(Refused) as refused:
        check_call(url, headers)
    assert refused.value.status == 400 and named in refused.value.message


def test_a_plain_call_passes() -> None:
    check_call("http://g/v1/chat/completions", {"authorization": "Bearer x", "content-type": "application/json", "x-forwarded-for": "1.2.3.4"})


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        ({}, 8192),
        ({"max_tokens": None}, 8192),
        ({"max_tokens": 1}, 1),
        ({"max_tokens": 38_400}, 38_400),
        ({"max_tokens": 38_401}, 38_400),
        ({"max_completion_tokens": 100}, 100),
        ({"max_tokens": 200, "max_completion_tokens": 100}, 100),
        ({"max_tokens": 100, "max_completion_tokens": 10**12}, 100),
    ],
)
def test_output_tokens_are_bounded(wishes: dict[str, Any], asked: int) -> None:
    assert bound_tokens(wishes, GROUP) == asked


@pytest.mark.parametrize("wish", [0, -1, True, 1.5, "100", [100], float("inf")])
@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_what_is_no_positive_whole_number_of_tokens_is_refused(field: str, wish: Any) -> None:
    with pytest.raises(Refused) as refused:
        bound_tokens({"max_tokens": 5, field: wish}, GROUP)
    assert refused.value.status == 400 and field in refused.value.message


@pytest.mark.parametrize(
    ("key", "team", "offered"),
    [
        (["light", "strong"], ["light", "strong"], ["light", "strong"]),
        (["strong", "light"], ["strong", "light"], ["light", "strong"]),
        (["light"], ["light", "strong"], ["light"]),
        (["light", "strong"], ["strong"], ["strong"]),
        ([], ["light", "strong"], []),
        (["all-proxy-models"], ["all-proxy-models"], []),
    ],
)
def test_fallbacks_are_those_of_key_and_team_alike(key: list[str], team: list[str], offered: list[str]) -> None:
    assert own_fallbacks(GROUP, key, team) == offered


def test_the_profile_is_the_departments() -> None:
    assert inference_profile({"profiles": {"strong": "arn:aws:bedrock:x"}}, "strong") == "arn:aws:bedrock:x"


@pytest.mark.parametrize(
    "metadata", [{}, {"profiles": None}, {"profiles": "arn:x"}, {"profiles": {"light": "arn:x"}}, {"profiles": {"strong": ""}}, {"profiles": {"strong": 7}}]
)
def test_without_a_profile_no_call_goes_out(metadata: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        inference_profile(metadata, "strong")
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("found", "counts_as"), [("low", "low"), ("normal", "normal"), ("high", "high"), ("HIGH", "normal"), (None, "normal"), (9, "normal"), (["high"], "normal")]
)
def test_the_class_is_the_keys(found: Any, counts_as: str) -> None:
    assert priority_class({"priority": found}) == counts_as
    assert priority_class({}) == "normal"
