"""Time-outs that a busy event loop does not cause."""

from __future__ import annotations

import asyncio
from typing import Awaitable, TypeVar

T = TypeVar("T")

_SLICES = 20


async def patiently(call: Awaitable[T], seconds: float) -> T:
    """Awaits `call` and raises TimeoutError after `seconds` in which the loop could have read its
    answer. Requests hold up a worker's loop for seconds under load; an answer that waits meanwhile
    is read late, and is no failure of the server. So a stretch without a turn of the loop counts as
    one slice of the time at most."""
    task = asyncio.ensure_future(call)
    try:
        for _ in range(_SLICES):
            await asyncio.wait({task}, timeout=seconds / _SLICES)
            if task.done():
                return task.result()
        raise TimeoutError
    finally:
        task.cancel()
