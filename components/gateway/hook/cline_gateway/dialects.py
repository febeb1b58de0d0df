"""What a caller speaks on a route: the chat's own shape, Anthropic's, which LiteLLM's chat route answers too, or that of
embeddings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Callable, Collection, Mapping

from .as_chat import as_chat
from .as_messages import MessageEvents, as_error, as_message
from .asgi import Message, Send
from .embeddings import embeddings_answered, embeddings_body
from .messages import Messages
from .refused import UNREADABLE, Refused, chat_error
from .routes import EMBEDDINGS_PATH
from .schema import checked
from .settings import EdgeSettings, EmbeddingLimits
from .shape import accepted

_DATA = b"data:"

_VERSION, _BETA, _API_KEY = b"anthropic-version", b"anthropic-beta", b"x-api-key"
_IN_BROWSER = b"anthropic-dangerous-direct-browser-access"
"""Claude Code sends it; it concerns browsers."""

_BETAS = frozenset(
    {
        "claude-code-20250219",
        "context-management-2025-06-27",
        "extended-cache-ttl-2025-04-11",
        "fine-grained-tool-streaming-2025-05-14",
        "interleaved-thinking-2025-05-14",
        "prompt-caching-2024-07-31",
    }
)
"""Betas that ask for what the gateway does anyway, or that are no more than a hint. The others would change an answer."""


@dataclass(frozen=True)
class Dialect:
    queries: Collection[bytes]
    """Queries that an address may have; they have no effect."""
    key: bytes | None
    """A further header for the key."""
    headers: Mapping[bytes, Callable[[str], None]]
    """Checks of headers that are refused elsewhere, by name. LiteLLM receives none of them."""
    max_bytes: Callable[[EdgeSettings], int]
    """Maximum bytes of a body."""
    body: Callable[[Any, EdgeSettings], bytes]
    """The body that LiteLLM receives for the parsed one. Raises `Refused`."""
    error: Callable[[int, str], dict[str, Any]]
    """An error's body, by status and text."""
    answered: Callable[[Any, Send], Send]
    """Translates LiteLLM's answer to the parsed body."""


def _version(value: str) -> None:
    if value != "2023-06-01":
        raise Refused(400, "anthropic-version: allowed 2023-06-01")


def _beta(value: str) -> None:
    foreign = sorted(name for each in value.split(",") if (name := each.strip()) not in _BETAS)
    if foreign:
        # Clients' own names, of bounded length, and no text of a prompt.
        named = ", ".join(re.sub(r"[^A-Za-z0-9._-]", "?", name[:64]) for name in foreign[:20])
        raise Refused(400, f"anthropic-beta: not served here: {named}; Claude Code leaves them out with CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS=1")


def _any(_: str) -> None:
    return


def _chat_body(body: Any, settings: EdgeSettings) -> bytes:
    return accepted(body, settings.chat_models)


def _messages_body(body: Any, settings: EdgeSettings) -> bytes:
    models = settings.chat_models
    try:
        # What the chat's schema refuses goes to LiteLLM by no other route either.
        return accepted(as_chat(checked(Messages, body, models)), models)
    except Refused as refused:
        if not refused.message.startswith("model: "):
            raise
        hint = "Claude Code takes them from ANTHROPIC_MODEL and ANTHROPIC_DEFAULT_HAIKU_MODEL, _SONNET_MODEL and _OPUS_MODEL"
        raise Refused(refused.status, f"{refused.message}; {hint}") from None


def _as_messages(_: Any, send: Send) -> Send:
    """Translates a chat answer: an error and a whole answer when all of it is there, a stream as it comes."""
    start: Message = {}
    streamed = False
    held = b""
    events = MessageEvents()

    async def translate(message: Message) -> None:
        nonlocal start, streamed, held
        if message["type"] == "http.response.start":
            start = {**message, "headers": [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]}
            types = [value for name, value in message["headers"] if name.lower() == b"content-type"]
            streamed = message["status"] == 200 and any(value.startswith(b"text/event-stream") for value in types)
            if streamed:
                await send(start)
            return
        held += message.get("body", b"")
        more = message.get("more_body", False)
        if streamed:
            *whole, held = held.split(b"\n\n")
            data = [each[len(_DATA) :].strip().decode() for each in whole if each.startswith(_DATA)]
            await send({**message, "body": b"".join(_sent(event) for each in data for event in events.events(each))})
        elif not more:
            status, answer = _whole(start["status"], held)
            body = _written(answer)
            await send({**start, "status": status, "headers": [*start["headers"], (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body, "more_body": False})

    return translate


def _whole(status: int, body: bytes) -> tuple[int, dict[str, Any]]:
    """Status and body in Anthropic's shape."""
    try:
        if status < 400:
            return status, as_message(json.loads(body))
        return status, as_error(status, str(json.loads(body)["error"]["message"]))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return (502, as_error(502, UNREADABLE)) if status < 400 else (status, as_error(status, "the request failed"))


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _sent(event: Mapping[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event["type"].encode(), _written(event))


def _unchanged(_: Any, send: Send) -> Send:
    return send


def _bytes(settings: EdgeSettings) -> int:
    return settings.bytes


def _opened(settings: EdgeSettings) -> EmbeddingLimits:
    # Without the limits there is no route.
    assert settings.embeddings is not None
    return settings.embeddings


CHAT = Dialect(queries=(), key=None, headers={}, max_bytes=_bytes, body=_chat_body, error=chat_error, answered=_unchanged)

EMBEDDINGS = replace(
    CHAT,
    max_bytes=lambda settings: _opened(settings).bytes,
    body=lambda body, settings: embeddings_body(body, _opened(settings)),
    answered=embeddings_answered,
)

MESSAGES = Dialect(
    # Claude Code's address.
    queries=(b"beta=true",),
    key=_API_KEY,
    headers={_VERSION: _version, _BETA: _beta, _IN_BROWSER: _any},
    max_bytes=_bytes,
    body=_messages_body,
    error=as_error,
    answered=_as_messages,
)


def dialect_of(path: str) -> Dialect:
    """What is spoken on a route."""
    return {"/v1/messages": MESSAGES, EMBEDDINGS_PATH: EMBEDDINGS}.get(path, CHAT)
