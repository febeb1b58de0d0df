"""Hands a large request on to the process that serves those only, and its answer back as it comes."""

from __future__ import annotations

import httpx

from .asgi import Headers, Send
from .refused import Refused

_OF_THE_HOP = frozenset({b"connection", b"date", b"server", b"transfer-encoding"})
"""Headers of an answer that belong to one connection; the server sets its own."""


class Relay:
    """Requests to another process of this task, on loopback."""

    def __init__(self, port: int, seconds: float) -> None:
        """`seconds` is longer than a request may run."""
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            timeout=httpx.Timeout(seconds, connect=5),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
            # No proxy of the environment comes between two processes of a task.
            trust_env=False,
        )

    async def __call__(self, path: str, headers: Headers, body: bytes, send: Send) -> None:
        """Posts `body` and sends the answer. A caller who leaves does not end it: see drain.py.
        Raises `Refused` (503) while the other process starts."""
        request = self._client.build_request("POST", path, headers=headers, content=body)
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.TransportError:
            raise Refused(503, "large requests cannot be served at the moment", retry_after=5) from None
        try:
            kept = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _OF_THE_HOP]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
            async for part in answer.aiter_raw():
                await send({"type": "http.response.body", "body": part, "more_body": True})
        finally:
            await answer.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
