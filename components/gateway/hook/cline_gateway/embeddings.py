"""`POST /v1/embeddings`: its body as a typed schema, and vectors in base64, which OpenAI's SDKs ask for
by default. Pure."""

from __future__ import annotations

import base64
import json
import struct
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BeforeValidator, Field, Tag
from pydantic_core import from_json

from .asgi import Message, Send
from .refused import TRACED, UNREADABLE, Refused, chat_error
from .schema import STRING_OR_MORE, Body, checked
from .settings import EmbeddingLimits


def _texts(value: object) -> object:
    if isinstance(value, list) and not all(isinstance(each, str) for each in value):
        raise ValueError("allowed are a text or a list of texts, no tokens; LangChain sends texts with check_embedding_ctx_length=False")
    return value


_Text = Annotated[str, Field(min_length=1)]


class Embeddings(Body):
    """LiteLLM receives model, input and dimensions."""

    input: Annotated[
        Union[Annotated[_Text, Tag("@string")], Annotated[list[_Text], Field(min_length=1), Tag("@more")]],
        STRING_OR_MORE,
        BeforeValidator(_texts),
    ]
    dimensions: Optional[int] = None
    encoding_format: Optional[Literal["float", "base64"]] = None
    user: Optional[str] = None
    """Spend belongs to the key's owner."""


def embeddings_body(body: Any, limits: EmbeddingLimits) -> bytes:
    """The JSON that LiteLLM receives. Raises `Refused` as `checked` does, and above a limit.

    `encoding_format` stays here: LiteLLM would ask Bedrock for vectors of single bits where base64 is
    asked for."""
    asked = checked(Embeddings, body, limits.models)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    if len(texts) > limits.inputs:
        raise Refused(400, f"input: found {len(texts)} texts; allowed are at most {limits.inputs} a request")
    for at, text in enumerate(texts):
        if len(text) > limits.characters:
            raise Refused(400, f"input[{at}]: allowed are at most {limits.characters} characters a text")
    if asked.dimensions is not None and asked.dimensions not in limits.dimensions:
        raise Refused(400, f"dimensions: allowed {', '.join(str(each) for each in limits.dimensions)}")
    return asked.model_dump_json(exclude_unset=True, exclude={"encoding_format", "user"}).encode()


def embeddings_answered(body: Any, send: Send) -> Send:
    """Sends an answer as the caller asked for it. An error goes on as it is, and an answer without vectors becomes one."""
    start: Message = {}
    held = b""

    async def judge(message: Message) -> None:
        nonlocal start, held
        if message["type"] == "http.response.start":
            start = message
            return
        held += message.get("body", b"")
        if message.get("more_body", False):
            return
        status, whole = _judged(start["status"], held, body.get("encoding_format") == "base64")
        kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        await send({**start, "status": status, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
        await send({"type": "http.response.body", "body": whole, "more_body": False})

    return judge


def _judged(status: int, body: bytes, encoded: bool) -> tuple[int, bytes]:
    try:
        if status == 200:
            answer = from_json(body)
            whole = _encoded(answer)
            return status, whole if encoded else body
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        return 502, json.dumps(chat_error(502, UNREADABLE)).encode()
    # LiteLLM answers with where it failed, when Bedrock's answer has no vectors.
    failed = status == 500 and TRACED in body
    return (502, json.dumps(chat_error(502, UNREADABLE)).encode()) if failed else (status, body)


def _encoded(answer: Any) -> bytes:
    """The same answer, each vector as OpenAI's: 32-bit floats, the lowest byte first, in base64."""
    data = answer["data"]
    if not data:
        raise ValueError("no vectors")
    for each in data:
        vector = each["embedding"]
        each["embedding"] = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    return json.dumps(answer, separators=(",", ":")).encode()
