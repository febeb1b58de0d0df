"""A caller who leaves does not end the request: Bedrock bills a whole answer, so LiteLLM reads and books it
whole."""

from __future__ import annotations

import asyncio
from typing import Any, MutableMapping

from .asgi import Application, Message, Receive, Send


class Drained:
    """An ASGI application before LiteLLM that hands on a caller's departure only after `seconds`.

    LiteLLM would cut the connection to Bedrock and book what it has read so far. What it sends meanwhile
    reaches nobody: the server drops it."""

    def __init__(self, inner: Application, seconds: float) -> None:
        """`seconds` is longer than a request may run; it ends one that hangs."""
        self._inner = inner
        self._seconds = seconds

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def outlasting() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                # LiteLLM cancels this wait when the answer is complete.
                await asyncio.sleep(self._seconds)
            return message

        await self._inner(scope, outlasting, send)
