"""Admission by priority: how many requests of a model group are in flight, shared by all workers and tasks through Valkey.

LiteLLM's own scheduler orders nothing while a deployment is healthy, so requests wait here, before LiteLLM sends them.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Protocol

from .request import Refused
from .settings import ModelGroup, Settings

log = logging.getLogger("cline_gateway.admission")

HEAD_START_MS = {"high": 20_000, "normal": 10_000, "low": 0}
"""How much longer a request of a lower class must have waited to go before one of this class."""
LEASE_MS = 30_000
"""A lease not renewed for this long is void: its worker died."""
RENEW_SECONDS = 10.0
WAITER_GONE_MS = 5_000
FALL_FACTOR = 0.7
FALL_ONCE_MS = 1_000
SLOWEST_POLL_SECONDS = 0.25


class Valkey(Protocol):
    """The part of redis.asyncio's client that is used."""

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]: ...
    def zrem(self, name: str, *values: str) -> Awaitable[Any]: ...


def _keys(group: str) -> tuple[str, str, str, str, str]:
    return tuple(f"cline:{{{group}}}:{kind}" for kind in ("leases", "queue", "beats", "limit", "fallen"))  # type: ignore[return-value]


class Admission:
    """One per worker. `enter` waits for a place, `leave` gives it back; both may be called from any task of the worker's loop."""

    def __init__(self, valkey: Valkey, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        here = Path(__file__).parent
        self._valkey = valkey
        self._settings = settings
        self._clock = clock
        self._admit = valkey.register_script((here / "admit.lua").read_text(encoding="utf-8"))
        self._adjust = valkey.register_script((here / "adjust.lua").read_text(encoding="utf-8"))
        self._prolong = valkey.register_script((here / "renew.lua").read_text(encoding="utf-8"))
        self._held: dict[str, tuple[str, float]] = {}
        self._renewer: asyncio.Task[None] | None = None
        self._down_since: float | None = None

    async def enter(self, request_id: str, group_name: str, priority: str) -> None:
        """Waits for a place. Raises Refused 429 after the bounded wait, 503 when Valkey has been gone for longer than the grace time."""
        group = self._settings.models[group_name]
        deadline = self._clock() + self._settings.max_wait_seconds
        while True:
            ahead = await self._try(request_id, group_name, group, priority)
            if ahead is None:
                return
            if self._clock() >= deadline:
                await self._forget(request_id, group_name)
                raise Refused(429, f"{group_name} is busy: waited {self._settings.max_wait_seconds:.0f} s", self._retry_after(ahead, group))
            pause = min(SLOWEST_POLL_SECONDS, 0.02 + 0.005 * ahead)
            try:
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            except asyncio.CancelledError:
                await self._forget(request_id, group_name)
                raise

    async def leave(self, request_id: str, outcome: str | None = None) -> None:
        """Gives the place back, once: a second call does nothing. `outcome`: "served", "throttled", or None when it says nothing of load."""
        held = self._held.pop(request_id, None)
        if held is None:
            return
        group_name, _ = held
        leases, _, _, limit, fallen = _keys(group_name)
        try:
            await self._valkey.zrem(leases, request_id)
            if outcome is not None:
                ceiling = self._settings.models[group_name].max_in_flight
                await self._adjust(keys=[limit, fallen], args=[outcome, ceiling, FALL_FACTOR, FALL_ONCE_MS])
        except Exception as error:  # the lease ends by itself
            self._note_down(error)

    async def _try(self, request_id: str, group_name: str, group: ModelGroup, priority: str) -> int | None:
        """None when admitted, else how many are ahead."""
        leases, queue, beats, limit, _ = _keys(group_name)
        try:
            admitted, count = await self._admit(
                keys=[leases, queue, beats, limit],
                args=[request_id, HEAD_START_MS[priority], LEASE_MS, group.max_in_flight, WAITER_GONE_MS],
            )
        except Exception as error:
            self._note_down(error)
            if self._clock() - (self._down_since or 0.0) > self._settings.grace_seconds:
                raise Refused(503, "limits cannot be kept at the moment", retry_after=10) from None
            return None
        if self._down_since is not None:
            log.warning("admission_restored")
            self._down_since = None
        if not admitted:
            return int(count)
        self._held[request_id] = (group_name, self._clock())
        if self._renewer is None or self._renewer.done():
            self._renewer = asyncio.create_task(self._renew())
        return None

    def _note_down(self, error: Exception) -> None:
        if self._down_since is None:
            self._down_since = self._clock()
        # A CloudWatch metric filter counts this line and alarms. The error's text may hold an address, never a credential.
        log.error("admission_unavailable %s", type(error).__name__)

    async def _forget(self, request_id: str, group_name: str) -> None:
        _, queue, beats, _, _ = _keys(group_name)
        try:
            await self._valkey.zrem(queue, request_id)
            await self._valkey.zrem(beats, request_id)
        except Exception as error:
            self._note_down(error)

    async def _renew(self) -> None:
        """Prolongs this worker's leases until none is left. One held longer than a request may run is dropped: its end was missed."""
        while self._held:
            await asyncio.sleep(RENEW_SECONDS)
            standing: dict[str, list[str]] = {}
            for request_id, (group_name, since) in list(self._held.items()):
                if self._clock() - since > self._settings.max_request_seconds:
                    await self.leave(request_id)
                else:
                    standing.setdefault(group_name, []).append(request_id)
            for group_name, ids in standing.items():
                try:
                    await self._prolong(keys=[_keys(group_name)[0]], args=[LEASE_MS, *ids])
                except Exception as error:
                    self._note_down(error)

    @staticmethod
    def _retry_after(ahead: int, group: ModelGroup) -> int:
        """Seconds: the longer the queue against the places, the later, between 2 and 60."""
        return max(2, min(60, 2 + 2 * ahead // max(1, group.max_in_flight)))
