"""A caller's departure: no server, no LiteLLM."""

from __future__ import annotations

import asyncio
from typing import Any

from cline_gateway.drain import Drained

SCOPE = {"type": "http", "method": "POST", "path": "/v1/chat/completions"}


def receiver(*messages: dict[str, Any]) -> Any:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return receive


async def send(message: Any) -> None:
    pass


async def test_what_the_caller_sends_passes_at_once() -> None:
    seen: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())

    body = {"type": "http.request", "body": b"{}", "more_body": False}
    await Drained(inner, 60)(SCOPE, receiver(body), send)
    assert seen == [body]


async def test_an_answer_goes_on_after_its_caller_has_left() -> None:
    written = 0

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        nonlocal written

        async def cut() -> None:
            message = await receive()
            assert message["type"] == "http.disconnect"
            stream.cancel()

        async def write() -> None:
            nonlocal written
            for _ in range(20):
                await asyncio.sleep(0.005)
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
                written += 1

        stream = asyncio.create_task(write())
        cutter = asyncio.create_task(cut())
        await asyncio.wait([stream])
        cutter.cancel()

    await Drained(inner, 60)(SCOPE, receiver({"type": "http.disconnect"}), send)
    assert written == 20


async def test_a_request_that_hangs_ends_at_last() -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.disconnect"

    await asyncio.wait_for(Drained(inner, 0.05)(SCOPE, receiver({"type": "http.disconnect"}), send), 5)
