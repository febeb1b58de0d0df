"""What a request reserves of its budgets while it runs: LiteLLM's reservation, with the prompt's
tokens estimated from its size.

LiteLLM counts them with a tokenizer that is not the models' own, at a third of all processor time
of a long prompt. An estimate that is seldom too low holds budgets as well: it is replaced by
Bedrock's own count when the answer is there."""

from __future__ import annotations

import json
import math
from typing import Any, Iterator, Mapping, Sequence

from .request import marks
from .tools import all_copies, copy_out

_INPUT, _OUTPUT = "count_input_tokens", "_requested_output_tokens"

_BYTES_PER_TOKEN = 2
"""Fewer than prose (4), code (3 to 3.5) and Japanese (3) have, also by the newest models' tokenizer, which makes up to 35 % more of
a text."""

_IMAGE_TOKENS = 4800
"""Tokens of an image, at most: larger ones are scaled down, to 2,576 pixels by the newest models."""

_TURN_TOKENS = 8
"""Tokens around a message, a part or a call."""

_SYSTEM_TOKENS = 600
"""Tokens of the instructions that Bedrock adds to a request with tools or with an answer's schema."""

_CLOSED = len(', "additionalProperties": false')
"""Bytes that LiteLLM adds to each object of an answer's schema."""

_CACHE_WRITE, _CACHE_WRITE_HOUR = 1.25, 2.0
"""A cache write's price to the input's, at most (config/catalogue.ts). The hook marks every conversation."""


def estimated_tokens(body: Mapping[str, Any]) -> int:
    """Input tokens of a conversation with its tools and its answer's schema, or of texts to embed, rounded up."""
    images, size, turns = 0, 0, 0
    for text in _texts([body.get("messages"), body.get("input")]):
        turns += 1
        if text is None:
            images += 1
        else:
            size += len(text.encode("utf-8", "surrogatepass"))
    tools, answer = body.get("tools"), (body.get("response_format") or {}).get("json_schema")
    if tools:
        size += len(_written([tool["function"] for tool in tools], "parameters"))
    if answer:
        schema = _written([answer], "schema")
        size += len(schema) + schema.count(b"{") * _CLOSED
    return -(-size // _BYTES_PER_TOKEN) + _IMAGE_TOKENS * images + _TURN_TOKENS * turns + (_SYSTEM_TOKENS if tools or answer else 0)


def _texts(value: Any) -> Iterator[str | None]:
    """Every text in the messages, roles and names of types included, or every text to embed. None for an image: what is
    one follows from its part's type, whatever a text begins with."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            if item.get("type") == "image_url":
                yield None
            else:
                waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _written(holders: Sequence[Mapping[str, Any]], field: str) -> bytes:
    """Holders of a schema as JSON, with its references written out, as LiteLLM sends it."""
    text = _json(holders)
    if b'"$ref"' not in text:
        return text
    return _json([{**each, field: copy_out(each[field], all_copies()) if each.get(field) else None} for each in holders])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def priced_tokens(body: Mapping[str, Any]) -> int:
    """The same in tokens at the input's price, which LiteLLM multiplies them by: all may be written to the cache."""
    tokens = estimated_tokens(body)
    if "messages" not in body:
        return tokens
    hour = any(mark.get("ttl") == "1h" for mark in marks(body))
    return math.ceil(tokens * (_CACHE_WRITE_HOUR if hour else _CACHE_WRITE))


async def _count_input_tokens(request_body: Mapping[str, Any], raw_body: bytes | None, models: Sequence[str]) -> Mapping[str, int]:
    tokens = priced_tokens(request_body)
    return {model: tokens for model in models}


def estimate_reservations() -> None:
    """Replaces LiteLLM's counts. Raises RuntimeError in a version that counts elsewhere: its tasks do
    not start."""
    from litellm.proxy.spend_tracking import budget_reservation

    for name in (_INPUT, _OUTPUT):
        if not hasattr(budget_reservation, name):
            raise RuntimeError(f"LiteLLM counts a reservation's tokens elsewhere than in budget_reservation.{name}")
    setattr(budget_reservation, _INPUT, _count_input_tokens)
    named = getattr(budget_reservation, _OUTPUT)

    def requested(body: Mapping[str, Any]) -> int | None:
        """Without a number of output tokens the hook admits the group's default and what the request thinks beside it."""
        tokens: int | None = named(body)
        thinks = (body.get("thinking") or {}).get("budget_tokens")
        return budget_reservation.DEFAULT_MAX_OUTPUT_TOKENS_FALLBACK + thinks if tokens is None and thinks else tokens

    setattr(budget_reservation, _OUTPUT, requested)
