"""What is done once an application has started, and when."""

from __future__ import annotations

from typing import Any

import pytest

from cline_gateway.asgi import Message
from cline_gateway.started import Started


@pytest.mark.parametrize(("outcome", "called"), [("lifespan.startup.complete", ["one", "other"]), ("lifespan.startup.failed", [])])
async def test_it_is_done_in_order_before_the_server_hears_of_the_start(outcome: str, called: list[str]) -> None:
    done: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": outcome})
        await send({"type": "lifespan.shutdown.complete"})

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        done.append(message["type"])

    await Started(inner, lambda: done.append("one"), lambda: done.append("other"))({"type": "lifespan"}, receive, send)
    assert done == [*called, outcome, "lifespan.shutdown.complete"]


async def test_a_request_starts_nothing() -> None:
    done: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        done.append(scope["type"])

    await Started(inner, lambda: done.append("one"))({"type": "http"}, None, None)  # type: ignore[arg-type]
    assert done == ["http"]
