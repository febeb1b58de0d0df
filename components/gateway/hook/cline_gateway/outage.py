"""Behaviour during a Valkey outage: requests pass unqueued for the grace time, then the hook
refuses them."""

from __future__ import annotations

import asyncio
import logging
from typing import Awaitable, Callable

from .refused import Refused
from .rules import Rules

log = logging.getLogger("cline_gateway.admission")


class Outage:
    """Outage state of one worker. After the first failed call only one probe at a time calls
    Valkey, so no request waits for its time-out."""

    def __init__(self, probe: Callable[[], Awaitable[object]], grace_seconds: float, rules: Rules, clock: Callable[[], float]) -> None:
        """`probe` is a call that writes: a replica answers reads and still cannot keep a limit."""
        self._probe = probe
        self._grace_seconds = grace_seconds
        self._rules = rules
        self._clock = clock
        self._down_since: float | None = None
        self._logged = float("-inf")
        self._prober: asyncio.Task[None] | None = None
        self.on_down: list[Callable[[], None]] = []
        self.on_back: list[Callable[[], None]] = []

    @property
    def down(self) -> bool:
        return self._down_since is not None

    def check(self) -> None:
        """Raises Refused 503 when the Valkey outage exceeds the grace time: no limit can be
        enforced then."""
        if self._down_since is not None and self._clock() - self._down_since >= self._grace_seconds:
            raise Refused(503, "limits cannot be kept at the moment", retry_after=10)

    def note(self, error: Exception) -> None:
        """A call to Valkey failed."""
        now = self._clock()
        if now - self._logged >= self._rules.probe_seconds:
            self._logged = now
            # A CloudWatch metric filter counts this line and alarms. The error's text may hold an
            # address, so only its type is logged.
            log.error("admission_unavailable %s", type(error).__name__)
        if self._down_since is None:
            self._down_since = now
            self._prober = asyncio.create_task(self._until_back())
            for tell in self.on_down:
                tell()

    async def _until_back(self) -> None:
        while True:
            await asyncio.sleep(self._rules.probe_seconds)
            try:
                await self._probe()
            except Exception as error:
                self.note(error)
            else:
                break
        self._down_since = None
        log.warning("admission_restored")
        for tell in self.on_back:
            tell()
