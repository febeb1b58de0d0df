from __future__ import annotations

import asyncio
import time

import pytest

from cline_gateway.patience import patiently


async def test_an_answer_that_comes_while_the_loop_is_busy_is_read() -> None:
    async def answers() -> str:
        await asyncio.sleep(0.05)
        return "answer"

    call = asyncio.create_task(patiently(answers(), 0.2))
    await asyncio.sleep(0)
    # Requests hold up the loop for longer than the time-out.
    time.sleep(0.4)
    assert await call == "answer"


async def test_one_that_never_comes_is_given_up_and_cancelled() -> None:
    ended: list[str] = []

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    with pytest.raises(TimeoutError):
        await patiently(never(), 0.1)
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


async def test_faults_and_cancellation_pass() -> None:
    async def fails() -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        await patiently(fails(), 1)

    waiting = asyncio.create_task(patiently(asyncio.Event().wait(), 60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
