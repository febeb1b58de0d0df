"""LiteLLM's answer to a chat request in Anthropic's shape: whole, or event by event. Pure."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping

_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
"""A guardrail's intervention is a refusal. Bedrock's stop sequences arrive as the end of a turn."""

_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}

_HOUR, _MINUTES = "ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"


def as_message(chat: Mapping[str, Any]) -> dict[str, Any]:
    """A whole answer."""
    choice = chat["choices"][0]
    said = choice["message"]
    content = [{name: value for name, value in block.items() if name != "index"} for block in said.get("thinking_blocks") or ()]
    if said.get("content"):
        content.append({"type": "text", "text": said["content"]})
    for call in said.get("tool_calls") or ():
        function = call["function"]
        content.append({"type": "tool_use", "id": call["id"], "name": function["name"], "input": json.loads(function["arguments"] or "{}")})
    end = {"stop_reason": _REASONS.get(choice["finish_reason"], "end_turn"), "stop_sequence": None}
    return {**_head(chat), "content": content, **end, "usage": usage_of(chat.get("usage") or {})}


def usage_of(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Anthropic's counts, in which the input excludes what the cache read and wrote."""
    read, written = usage.get("cache_read_input_tokens") or 0, usage.get("cache_creation_input_tokens") or 0
    details = (usage.get("prompt_tokens_details") or {}).get("cache_creation_token_details") or {}
    hour = details.get(_HOUR) or 0
    return {
        "input_tokens": max(0, (usage.get("prompt_tokens") or 0) - read - written),
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "cache_creation": {_MINUTES: written - hour, _HOUR: hour},
        "output_tokens": usage.get("completion_tokens") or 0,
    }


def as_error(status: int, message: str) -> dict[str, Any]:
    kind = _ERRORS.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": message}}


def _head(chat: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": f"msg_{str(chat.get('id', '')).removeprefix('chatcmpl-')}", "type": "message", "role": "assistant", "model": chat.get("model")}


class MessageEvents:
    """Turns the chunks of one streamed chat answer into the events of Anthropic's streams."""

    def __init__(self) -> None:
        self._begun = False
        self._block = -1
        self._open: str | None = None
        """What the open block is: `text`, `thinking` and `tool_use` with their number. None: no block is open."""
        self._reason: str | None = None
        self._usage: Mapping[str, Any] = {}
        self._failed = False

    def events(self, data: str) -> Iterator[dict[str, Any]]:
        """The events that follow from one chunk, `[DONE]` included. None follow an error."""
        if self._failed:
            return
        if data == "[DONE]":
            yield from self._end()
            return
        chunk = json.loads(data)
        if "error" in chunk:
            error = chunk["error"]
            status = str(error.get("code"))
            self._failed = True
            yield as_error(int(status) if status.isdigit() else 500, str(error.get("message")))
            return
        if not self._begun:
            self._begun = True
            start = {**_head(chunk), "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage_of({})}
            yield {"type": "message_start", "message": start}
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            self._reason = choice.get("finish_reason") or self._reason
            yield from self._delta(choice.get("delta") or {})

    def _delta(self, delta: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for thought in delta.get("thinking_blocks") or ():
            yield from self._thought(thought)
        if delta.get("content"):
            yield from self._in("text", {"type": "text", "text": ""})
            yield self._more({"type": "text_delta", "text": delta["content"]})
        for call in delta.get("tool_calls") or ():
            yield from self._call(call)

    def _thought(self, thought: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name = f"thinking {thought.get('index')}"
        if thought["type"] == "redacted_thinking":
            yield from self._in(f"redacted {name}", {"type": "redacted_thinking", "data": thought["data"]})
            return
        yield from self._in(name, {"type": "thinking", "thinking": "", "signature": ""})
        if thought.get("thinking"):
            yield self._more({"type": "thinking_delta", "thinking": thought["thinking"]})
        if thought.get("signature"):
            yield self._more({"type": "signature_delta", "signature": thought["signature"]})

    def _call(self, call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        function = call.get("function") or {}
        block: dict[str, Any] = {"type": "tool_use", "id": call.get("id"), "name": function.get("name"), "input": {}}
        yield from self._in(f"tool_use {call.get('index')}", block)
        if function.get("arguments"):
            yield self._more({"type": "input_json_delta", "partial_json": function["arguments"]})

    def _in(self, name: str, block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Closes the open block and opens this one, unless it is open."""
        if self._open == name:
            return
        yield from self._close()
        self._open = name
        self._block += 1
        yield {"type": "content_block_start", "index": self._block, "content_block": block}

    def _more(self, delta: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": self._block, "delta": delta}

    def _close(self) -> Iterator[dict[str, Any]]:
        if self._open is not None:
            yield {"type": "content_block_stop", "index": self._block}
        self._open = None

    def _end(self) -> Iterator[dict[str, Any]]:
        yield from self._close()
        end = {"stop_reason": _REASONS.get(self._reason or "stop", "end_turn"), "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": usage_of(self._usage)}
        yield {"type": "message_stop"}
