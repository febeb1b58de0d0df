"""What is done once when an application has started: LiteLLM makes its loggers and callbacks while it starts."""

from __future__ import annotations

from typing import Any, Callable, MutableMapping

from .asgi import Application, Message, Receive, Send


class Started:
    """An ASGI application before another; calls `then`, in order, before the server accepts requests."""

    def __init__(self, inner: Application, *then: Callable[[], None]) -> None:
        self._inner = inner
        self._then = then

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._inner(scope, receive, send)
            return

        async def noticing(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                for each in self._then:
                    each()
            await send(message)

        await self._inner(scope, receive, noticing)
