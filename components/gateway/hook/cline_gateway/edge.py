"""The edge before LiteLLM: an ASGI application that admits declared routes and bounded requests only.

It judges the body as the caller sent it and hands LiteLLM the validated fields, an allow-list of
headers, and nothing else. Whatever it refuses costs LiteLLM nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import Counter
from typing import Any, MutableMapping

from .asgi import Application, Headers, Message, Receive, Send
from .bounds import parsed
from .dialects import CHAT, Dialect, dialect_of
from .headers import developer_headers
from .refused import TRACED, Refused
from .relay import Relay
from .routes import Caller, Route
from .settings import EdgeSettings

_LONGEST_ERROR = 16_384
"""Bytes of an error's body that a developer receives."""

_FAULT = re.compile(rb"^data: \{\"error\".*$", re.MULTILINE)
"""An event that ends a stream of status 200 with an error. In an answer's text quotes are escaped."""

_NAMES = re.compile(rb"arn:aws[^\s\"'\\,)]*")
"""ARNs in an error's text: they hold account and profiles."""

_TRACE = re.compile(rb"(?:\\n){0,2}Traceback \(most recent call last\)(?:[^\"\\]|\\.)*", re.DOTALL)
"""LiteLLM's stack trace within an error's text, up to the end of the JSON string: files and lines of the image."""

_ANSWERED = frozenset({b"cache-control", b"content-length", b"content-type", b"retry-after", b"x-accel-buffering", b"x-litellm-call-id"})
"""Headers of LiteLLM that a developer receives; others name profiles, prices and versions."""


class Edge:
    """`management_port` is the port of the functions' socket: no developer's security group reaches it.
    With `relay`, another process serves large requests."""

    def __init__(self, inner: Application, settings: EdgeSettings, management_port: int, relay: Relay | None = None) -> None:
        self._inner = inner
        self._relay = relay
        self._settings = settings
        self._management_port = management_port
        self._in_flight: Counter[bytes] = Counter()
        self._received = 0
        """Bytes of bodies that have arrived and are not handed on yet, over all callers."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        route = self._settings.routes.find(scope["method"], scope.get("raw_path") or b"")
        dialect = CHAT if route is None else dialect_of(route.path)
        try:
            if route is None or not self._open_to(route.caller, scope):
                raise Refused(404, "no such route")
            if route.caller in ("canary", "health"):
                await self._inner({**scope, "headers": [], "query_string": b""}, _nothing(receive), _trimmed(send))
            elif route.caller == "functions":
                body = await self._body(scope, receive, self._settings.bytes)
                await self._inner(scope, _replayed(body, receive), send)
            else:
                await self._developer(route, dialect, scope, receive, send)
        except Refused as refused:
            body = json.dumps(dialect.error(refused.status, refused.message), ensure_ascii=False).encode()
            await _answer(send, refused.status, body, refused.retry_after)

    def _open_to(self, caller: Caller, scope: MutableMapping[str, Any]) -> bool:
        """Whether the socket that the request came by is the caller's. The server reads the port
        from the socket; no header has a say."""
        managed = scope["server"][1] == self._management_port
        return managed if caller == "functions" else not managed or caller != "developer"

    async def _developer(self, route: Route, dialect: Dialect, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["query_string"] and scope["query_string"] not in dialect.queries:
            raise Refused(400, "the address: found a query; allowed none")
        reads = route.method == "GET"
        headers, key = developer_headers(scope["headers"], reads, dialect)
        own = {**scope, "headers": headers}
        if not reads:
            await self._posted(key, dialect, route, scope, headers, receive, send)
        elif route.answered_from is not None:
            await self._models(route.answered_from, own, receive, send)
        else:
            await self._inner(own, _nothing(receive), _trimmed(send))

    async def _posted(
        self, key: bytes, dialect: Dialect, route: Route, scope: MutableMapping[str, Any], headers: Headers, receive: Receive, send: Send
    ) -> None:
        """`headers` are those for LiteLLM."""
        path = route.answered_from or route.path
        holder = hashlib.sha256(key).digest()
        if self._in_flight[holder] >= self._settings.per_key:
            raise Refused(429, f"allowed are {self._settings.per_key} requests of one key at a time", retry_after=5)
        self._in_flight[holder] += 1
        try:
            received = await self._body(scope, receive, dialect.max_bytes(self._settings))
            if self._relay is not None and len(received) > self._settings.large_bytes:
                await self._relay(route.path, headers + _own(received), received, send)
                return
            asked = parsed(received, self._settings.depth, self._settings.nodes)
            body = dialect.body(asked, self._settings)
            to = {**scope, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers + _own(body)}
            await self._inner(to, _replayed(body, receive), _trimmed(dialect.answered(asked, send)))
        finally:
            self._in_flight[holder] -= 1
            if self._in_flight[holder] == 0:
                del self._in_flight[holder]

    async def _body(self, scope: MutableMapping[str, Any], receive: Receive, most: int) -> bytes:
        """The whole body, of `most` bytes, within the bound of time."""
        too_large = Refused(413, f"body: allowed are at most {most} bytes")
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or len(value) > 12 or int(value) > most):
                raise too_large
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refused(400, "body: ended early")
                    part = message.get("body", b"")
                    size += len(part)
                    self._received += len(part)
                    if size > most:
                        raise too_large
                    if self._received > self._settings.bytes_received:
                        raise Refused(503, "too many bodies arrive at a time", retry_after=5)
                    parts.append(part)
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise Refused(408, f"body: not sent within {self._settings.send_seconds:g} s") from None
        finally:
            self._received -= size

    async def _models(self, listing: str, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Models of the key with window and prices: the names from LiteLLM's list, which knows the
        key, the rest from the settings."""
        status, body = 0, b""

        async def take(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                body += message.get("body", b"")

        await self._inner({**scope, "path": listing, "raw_path": listing.encode()}, _nothing(receive), take)
        if status != 200:
            await _answer(send, status, _masked(body))
            return
        known = self._settings.models
        try:
            names = [model["id"] for model in json.loads(body)["data"]]
        except (ValueError, KeyError, TypeError):
            raise Refused(502, "the list of models cannot be read; try again") from None
        data = [known[name] for name in names if name in known]
        await _answer(send, 200, json.dumps({"data": data}).encode())


def _own(body: bytes) -> Headers:
    return [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Yields the body once; then what the server has to say, i.e. that the caller left."""
    sent = False

    async def next_message() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message


def _nothing(receive: Receive) -> Receive:
    return _replayed(b"", receive)


def _trimmed(send: Send) -> Send:
    """Hands on an allow-list of LiteLLM's headers, and errors without ARNs and stack traces."""
    failed: Message | None = None
    body = b""

    async def trim(message: Message) -> None:
        nonlocal failed, body
        if message["type"] == "http.response.start":
            headers = [pair for pair in message["headers"] if pair[0].lower() in _ANSWERED]
            message = {**message, "headers": headers}
            if message["status"] >= 400:
                failed = message
                return
        if failed is None:
            part = message.get("body", b"")
            await send({**message, "body": _FAULT.sub(lambda fault: _masked(fault[0]), part)} if b'data: {"error"' in part else message)
            return
        body = (body + message.get("body", b""))[:_LONGEST_ERROR]
        if message.get("more_body", False):
            return
        masked = _masked(body)
        kept = [pair for pair in failed["headers"] if pair[0].lower() != b"content-length"]
        await send({**failed, "headers": [*kept, (b"content-length", str(len(masked)).encode())]})
        await send({"type": "http.response.body", "body": masked, "more_body": False})

    return trim


def _masked(body: bytes) -> bytes:
    return _NAMES.sub(b"(an ARN)", _TRACE.sub(TRACED, body))


async def _answer(send: Send, status: int, body: bytes, retry_after: int | None = None) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    if status in (408, 413):
        # The rest of the body is not read.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
