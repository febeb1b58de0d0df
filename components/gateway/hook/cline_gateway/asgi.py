"""The types of ASGI: what a server calls an application with."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, MutableMapping

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
