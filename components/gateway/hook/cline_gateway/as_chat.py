"""A request in Anthropic's shape as the chat request that LiteLLM receives. Pure."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping

from .messages import AssistantTurn, Image, Messages, OfferedTool, ToolResult, ToolUse, UserTurn
from .schema import Cacheable, TextPart

_FAILED = {"type": "text", "text": "Error:"}
"""Begins the result of a tool that failed: a chat message has no field for it."""

_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def as_chat(asked: Messages) -> dict[str, Any]:
    """The same request for the chat route. A stream reports its tokens, which Anthropic's streams always do."""
    chat: dict[str, Any] = {"model": asked.model, "messages": list(_messages(asked)), "max_tokens": asked.max_tokens}
    for field in ("temperature", "top_p"):
        if (value := getattr(asked, field)) is not None:
            chat[field] = value
    if asked.stream:
        chat |= {"stream": True, "stream_options": {"include_usage": True}}
    if asked.stop_sequences:
        chat["stop"] = asked.stop_sequences
    if asked.tools:
        chat["tools"] = [_tool(tool) for tool in asked.tools]
    if asked.tool_choice is not None:
        chat |= _choice(asked.tool_choice.model_dump(exclude_none=True))
    if asked.thinking is not None:
        chat["thinking"] = asked.thinking.model_dump(exclude_none=True)
    if asked.output_config is not None and asked.output_config.format is not None:
        chat["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": asked.output_config.format.schema_}}
    return chat


def _messages(asked: Messages) -> Iterator[dict[str, Any]]:
    if asked.system:
        yield {"role": "system", "content": asked.system if isinstance(asked.system, str) else [_shown(part) for part in asked.system]}
    for turn in asked.messages:
        yield from _user(turn) if isinstance(turn, UserTurn) else _assistant(turn)


def _user(turn: UserTurn) -> Iterator[dict[str, Any]]:
    """Tools' results are messages of their own; LiteLLM makes one turn of what stands side by side."""
    if isinstance(turn.content, str):
        yield {"role": "user", "content": turn.content}
        return
    shown: list[dict[str, Any]] = []
    for part in turn.content:
        if not isinstance(part, ToolResult):
            shown.append(_shown(part))
            continue
        if shown:
            yield {"role": "user", "content": shown}
            shown = []
        yield _result(part)
    if shown:
        yield {"role": "user", "content": shown}


def _assistant(turn: AssistantTurn) -> Iterator[dict[str, Any]]:
    if isinstance(turn.content, str):
        yield {"role": "assistant", "content": turn.content}
        return
    said = [_shown(part) if isinstance(part, TextPart) else part.model_dump() for part in turn.content if not isinstance(part, ToolUse)]
    calls = [_call(part) for part in turn.content if isinstance(part, ToolUse)]
    yield {"role": "assistant", **({"content": said} if said else {}), **({"tool_calls": calls} if calls else {})}


def _shown(part: TextPart | Image) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text, **_mark(part)}
    url = f"data:{part.source.media_type};base64,{part.source.data}"
    return {"type": "image_url", "image_url": {"url": url}, **_mark(part)}


def _result(part: ToolResult) -> dict[str, Any]:
    content: Any = part.content or ""
    if not isinstance(content, str):
        content = [_shown(each) for each in content]
    if part.is_error:
        content = [_FAILED, *([{"type": "text", "text": content}] if isinstance(content, str) and content else content)]
    return {"role": "tool", "tool_call_id": part.tool_use_id, "content": content, **_mark(part)}


def _call(part: ToolUse) -> dict[str, Any]:
    function = {"name": part.name, "arguments": json.dumps(part.input, ensure_ascii=False)}
    return {"id": part.id, "type": "function", "function": function, **_mark(part)}


def _tool(tool: OfferedTool) -> dict[str, Any]:
    own = {"name": tool.name, "description": tool.description, "parameters": tool.input_schema, "strict": tool.strict}
    return {"type": "function", "function": {name: value for name, value in own.items() if value is not None}, **_mark(tool)}


def _choice(choice: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {"type": "function", "function": {"name": choice["name"]}} if choice["type"] == "tool" else _CHOICES[choice["type"]]
    alone = choice.get("disable_parallel_tool_use")
    return {"tool_choice": chosen, **({} if alone is None else {"parallel_tool_calls": not alone})}


def _mark(part: Cacheable) -> dict[str, Any]:
    return {} if part.cache_control is None else {"cache_control": part.cache_control.model_dump(exclude_none=True)}
