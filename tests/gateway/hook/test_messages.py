"""Anthropic's shape at the edge: bodies to the chat's, answers back, errors, headers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cline_gateway.as_chat import as_chat
from cline_gateway.as_messages import MessageEvents, as_message, usage_of
from cline_gateway.edge import Edge
from cline_gateway.messages import Messages
from cline_gateway.refused import Refused
from cline_gateway.routes import routes_of
from cline_gateway.schema import checked
from conftest import EDGE
from test_edge import KEY, MANAGEMENT, Answer, Inner, ask

ROUTE = {"method": "POST", "path": "/v1/messages", "caller": "developer", "answeredFrom": "/v1/chat/completions"}
OPENED = replace(EDGE, routes=routes_of([ROUTE, {"method": "POST", "path": "/v1/chat/completions", "caller": "developer"}]))
ASK: dict[str, Any] = {"model": "light", "max_tokens": 100, "messages": [{"role": "user", "content": "hello"}]}
MARK = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
PNG = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgoAAAAN"}
DONE = {
    "id": "chatcmpl-1", "model": "light",
    "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "Hi."}}],
    "usage": {"prompt_tokens": 5, "completion_tokens": 2},
}  # fmt: skip


def translated(**more: Any) -> dict[str, Any]:
    return as_chat(checked(Messages, {**ASK, **more}, ("light",)))


async def said(body: Any, inner: Inner | None = None, settings: Any = OPENED, **more: Any) -> Answer:
    return await ask(Edge(inner or Inner(), settings, MANAGEMENT), "/v1/messages", json.dumps(body).encode(), **more)


def test_a_conversation_with_tools_thoughts_images_and_marks() -> None:
    turns = [
        {"role": "user", "content": [{"type": "text", "text": "Read.", **MARK}, {"type": "image", "source": PNG}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Which?", "signature": "s"}, {"type": "redacted_thinking", "data": "d"},
                {"type": "text", "text": "I read."}, {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "ü"}, **MARK},
                {"type": "tool_use", "id": "t2", "name": "read", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "export {};", **MARK},
                {"type": "tool_result", "tool_use_id": "t2", "is_error": True, "content": [{"type": "text", "text": "gone"}]},
                {"type": "text", "text": "And?"},
            ],
        },
    ]  # fmt: skip
    assert translated(messages=turns, system=[{"type": "text", "text": "Be brief.", **MARK}])["messages"] == [
        {"role": "system", "content": [{"type": "text", "text": "Be brief.", **MARK}]},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Read.", **MARK}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAAN"}}],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Which?", "signature": "s"}, {"type": "redacted_thinking", "data": "d"}, {"type": "text", "text": "I read."},
            ],
            "tool_calls": [
                {"id": "t1", "type": "function", "function": {"name": "read", "arguments": '{"path": "ü"}'}, **MARK},
                {"id": "t2", "type": "function", "function": {"name": "read", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "t1", "content": "export {};", **MARK},
        {"role": "tool", "tool_call_id": "t2", "content": [{"type": "text", "text": "Error:"}, {"type": "text", "text": "gone"}]},
        {"role": "user", "content": [{"type": "text", "text": "And?"}]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"stream": True}, {"stream": True, "stream_options": {"include_usage": True}}),
        ({"stop_sequences": ["x"], "temperature": 0.5, "top_p": 0.9}, {"stop": ["x"], "temperature": 0.5, "top_p": 0.9}),
        ({"tool_choice": {"type": "any", "disable_parallel_tool_use": True}}, {"tool_choice": "required", "parallel_tool_calls": False}),
        ({"tool_choice": {"type": "tool", "name": "f"}}, {"tool_choice": {"type": "function", "function": {"name": "f"}}}),
        ({"tool_choice": {"type": "none"}}, {"tool_choice": "none"}),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, {"thinking": {"type": "enabled", "budget_tokens": 1024}}),
        (
            {"tools": [{"type": "custom", "name": "f", "description": "d", "input_schema": {"type": "object"}, "unknown": 1, **MARK}]},
            {"tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}, **MARK}]},
        ),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}},
        ),
        ({"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}, {}),
        ({"metadata": {"user_id": "somebody-else"}, "service_tier": "auto", "system": None}, {}),
    ],
)
def test_a_field_becomes_the_chats(asked: dict[str, Any], sent: dict[str, Any]) -> None:
    assert translated(**asked) == {**ASK, **sent}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"top_k": 5}, "fields not allowed here: top_k"),
        ({"model_id": "arn:x"}, "fields not allowed here: model_id"),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, "context_management.edits[0].type"),
        ({"mcp_servers": [{"url": "http://x"}]}, "fields not allowed here: mcp_servers"),
        ({"metadata": {"user_id": "a", "tags": []}}, "metadata.tags"),
        ({"service_tier": "priority"}, "service_tier: allowed auto, standard_only"),
        ({"max_tokens": None}, "max_tokens: field required"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0].type"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "http://x"}}]}]}, "messages[0].content[0].source"),
        ({"messages": [{"role": "user", "content": [{"type": "document", "source": PNG}]}]}, "messages[0].content[0].type: allowed text, image, tool_result"),
        ({"messages": [{"role": "system", "content": "a"}]}, "messages[0].role: allowed user, assistant"),
        ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "thinking.budget_tokens"),
        ({"output_config": {"effort": "high"}}, "output_config.effort"),
        ({"temperature": 1.5}, "temperature"),
    ],
)  # fmt: skip
def test_what_a_chat_cannot_carry_is_refused(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refused:
        translated(**asked)
    assert refused.value.status == 400 and words in refused.value.message


def test_a_whole_answer() -> None:
    message = {
        "content": "I read.",
        "thinking_blocks": [{"type": "thinking", "thinking": "Which?", "signature": "s", "index": 0}],
        "tool_calls": [{"id": "t1", "function": {"name": "read", "arguments": '{"path":"a"}'}}],
    }
    assert as_message({**DONE, "choices": [{"finish_reason": "tool_calls", "message": message}]}) == {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "light", "stop_reason": "tool_use", "stop_sequence": None,
        "content": [
            {"type": "thinking", "thinking": "Which?", "signature": "s"}, {"type": "text", "text": "I read."},
            {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "a"}},
        ],
        "usage": {**usage_of({}), "input_tokens": 5, "output_tokens": 2},
    }  # fmt: skip


def test_usage_counts_the_cache_apart_and_an_hour_from_five_minutes() -> None:
    details = {"cache_creation_token_details": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 30}}
    usage = {"prompt_tokens": 100, "completion_tokens": 7, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 40, "prompt_tokens_details": details}
    assert usage_of(usage) == {
        "input_tokens": 40, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 40, "output_tokens": 7,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 30},
    }  # fmt: skip


def _chunk(delta: dict[str, Any], **more: Any) -> str:
    return json.dumps({"id": "chatcmpl-1", "model": "light", "choices": [{"delta": delta, "finish_reason": None, **more}]})


STREAM = [
    _chunk({"role": "assistant", "content": ""}),
    _chunk({"thinking_blocks": [{"type": "thinking", "thinking": "Which", "index": 0}]}),
    _chunk({"thinking_blocks": [{"type": "thinking", "thinking": "?", "index": 0}]}),
    _chunk({"thinking_blocks": [{"type": "thinking", "thinking": "", "signature": "s", "index": 0}]}),
    _chunk({"thinking_blocks": [{"type": "redacted_thinking", "data": "d", "index": 1}]}),
    _chunk({"content": "I "}),
    _chunk({"content": "read."}),
    _chunk({"tool_calls": [{"index": 0, "id": "t1", "function": {"name": "read", "arguments": ""}}]}),
    _chunk({"tool_calls": [{"index": 0, "id": None, "function": {"name": None, "arguments": '{"path":"a"}'}}]}),
    _chunk({"tool_calls": [{"index": 1, "id": "t2", "function": {"name": "read", "arguments": "{}"}}]}),
    _chunk({}, finish_reason="tool_calls"),
    json.dumps({"id": "chatcmpl-1", "model": "light", "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}),
    "[DONE]",
]


def test_a_stream_becomes_anthropics_events() -> None:
    events = MessageEvents()
    found = [event for data in STREAM for event in events.events(data)]
    assert [event["type"] for event in found if event["type"].startswith("message")] == ["message_start", "message_delta", "message_stop"]
    blocks = [event for event in found if event["type"].startswith("content_block")]
    assert [(event["index"], event.get("content_block", event.get("delta", {})).get("type", "stop")) for event in blocks] == [
        (0, "thinking"), (0, "thinking_delta"), (0, "thinking_delta"), (0, "signature_delta"), (0, "stop"), (1, "redacted_thinking"), (1, "stop"),
        (2, "text"), (2, "text_delta"), (2, "text_delta"), (2, "stop"), (3, "tool_use"), (3, "input_json_delta"), (3, "stop"),
        (4, "tool_use"), (4, "input_json_delta"), (4, "stop"),
    ]  # fmt: skip
    assert found[-2]["delta"]["stop_reason"] == "tool_use" and found[-2]["usage"]["input_tokens"] == 5


def test_an_error_ends_a_stream() -> None:
    events = MessageEvents()
    found = [event for data in [STREAM[0], '{"error":{"message":"slow down","code":"429"}}', "[DONE]"] for event in events.events(data)]
    assert [event["type"] for event in found] == ["message_start", "error"]
    assert found[1]["error"] == {"type": "rate_limit_error", "message": "slow down"}


@pytest.mark.parametrize("cut", [1, 7, 100_000])
async def test_a_stream_is_translated_however_it_is_cut(cut: int) -> None:
    text = "".join(f"data: {data}\n\n" for data in STREAM[:-1]).encode() + b": ping\n\ndata: [DONE]\n\n"
    inner = Inner(parts=[text[at : at + cut] for at in range(0, len(text), cut)], kind=b"text/event-stream; charset=utf-8")
    answer = await said({**ASK, "stream": True}, inner)
    names = [line.removeprefix("event: ") for line in answer.body.decode().splitlines() if line.startswith("event: ")]
    assert answer.status == 200 and names[0] == "message_start" and names[-1] == "message_stop" and len(names) == 20
    assert json.loads(inner.seen[0]["body"])["stream_options"] == {"include_usage": True}


async def test_litellm_sees_a_chat_on_its_own_route() -> None:
    inner = Inner(answer=json.dumps(DONE).encode())
    headers = {b"x-api-key": KEY.removeprefix(b"Bearer "), b"anthropic-version": b"2023-06-01", b"anthropic-beta": b"claude-code-20250219, interleaved-thinking-2025-05-14"}
    headers[b"anthropic-dangerous-direct-browser-access"] = b"true"
    answer = await said(ASK, inner, query=b"beta=true", headers=headers)
    assert answer.status == 200 and json.loads(answer.body)["content"] == [{"type": "text", "text": "Hi."}]
    [seen] = inner.seen
    assert (seen["scope"]["path"], seen["scope"]["raw_path"], seen["scope"]["query_string"]) == ("/v1/chat/completions", b"/v1/chat/completions", b"")
    assert json.loads(seen["body"]) == ASK
    assert dict(seen["scope"]["headers"]) == {
        b"authorization": KEY, b"content-type": b"application/json", b"content-length": str(len(seen["body"])).encode(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"query": b"beta=false"}, 400, "found a query"),
        ({"headers": {}}, 401, "or x-api-key"),
        ({"headers": {b"authorization": b"Bearer oauth", b"x-api-key": b"sk-0123456789abcdef"}}, 401, "found no key"),
        ({"headers": {b"authorization": KEY, b"anthropic-version": b"2099-01-01"}}, 400, "anthropic-version: allowed 2023-06-01"),
        ({"headers": {b"authorization": KEY, b"anthropic-beta": b"context-1m-2025-08-07"}}, 400, "anthropic-beta: not served here: context-1m-2025-08-07"),
        ({"headers": {b"authorization": KEY, b"anthropic-dangerous": b"x"}}, 400, "headers not allowed here: anthropic-dangerous"),
        ({"headers": {b"authorization": KEY, b"x-litellm-tags": b"a"}}, 400, "headers not allowed here: x-litellm-tags"),
    ],
)
async def test_headers_and_queries_are_refused_in_anthropics_shape(more: dict[str, Any], status: int, words: str) -> None:
    inner = Inner()
    answer = await said(ASK, inner, **more)
    assert (answer.status, inner.seen) == (status, [])
    body = json.loads(answer.body)
    assert body["type"] == "error" and words in body["error"]["message"]


async def test_a_models_own_name_is_refused_with_the_clients_settings() -> None:
    answer = await said({**ASK, "model": "claude-opus-5-5"})
    assert answer.status == 400 and "model: allowed light, strong; Claude Code takes them from ANTHROPIC_MODEL" in answer.words


async def test_an_error_of_litellm_is_translated_without_arns() -> None:
    inner = Inner(status=429, answer=b'{"error":{"message":"slow arn:aws:bedrock:x:1:y down","type":"x","code":"429"}}')
    answer = await said(ASK, inner)
    assert answer.status == 429 and json.loads(answer.body) == {"type": "error", "error": {"type": "rate_limit_error", "message": "slow (an ARN) down"}}
    assert answer.headers[b"Retry-After"] == b"3"


@pytest.mark.parametrize("answer", [b"{}", b'{"choices":[]}', b'{"choices":[{"message":null,"finish_reason":"stop"}]}', b"[]", b'{"choices":', b""])
async def test_an_answer_that_is_none_is_an_error(answer: bytes) -> None:
    found = await said(ASK, Inner(answer=answer))
    error = json.loads(found.body)["error"]
    assert (found.status, error["type"], int(found.headers[b"content-length"])) == (502, "api_error", len(found.body))
    assert error["message"].startswith("the model's answer cannot be read")


async def test_the_route_is_unknown_unless_it_is_opened() -> None:
    inner = Inner()
    assert (await said(ASK, inner, EDGE)).status == 404 and inner.seen == []


async def test_other_routes_take_neither_its_headers_nor_its_key() -> None:
    for headers in ({b"authorization": KEY, b"anthropic-beta": b"claude-code-20250219"}, {b"x-api-key": b"sk-0123456789abcdef"}):
        answer = await ask(Edge(Inner(), OPENED, MANAGEMENT), headers=headers)
        assert answer.status in (400, 401)
