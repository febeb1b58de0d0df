"""The queue of one model group in one worker: waiting requests, admitted requests, and the turns
that settle both with Valkey (turn.lua)."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Sequence

from .caller import Caller
from .outage import Outage
from .refused import Refused
from .rules import Rules
from .settings import ModelGroup, Settings

Turn = Callable[[str], Awaitable[Sequence[Any]]]
"""Sends one turn, as JSON, to Valkey and returns its answer. Raises the Valkey client's errors, and
TimeoutError."""

_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass
class _Waiter:
    admitted: asyncio.Future[None]
    name: str
    """The request's id among all workers: WORKER:FLOW:REQUEST."""
    deadline: float
    """Seconds, by the worker's clock."""
    arrival: int = 0
    """Milliseconds, by Valkey's clock; 0 until its first turn."""


@dataclass
class _Place:
    name: str
    since: float
    """Seconds, by the worker's clock."""
    admitted: int
    """Milliseconds, by Valkey's clock; 0 when it did not admit this one."""


class Line:
    """One task sends the turns one after the other, and ends when nothing is left to settle.
    Requests that arrive during a turn join the next one. So a request below the limit costs one
    call to enter and one to leave, and less under load."""

    def __init__(
        self, turn: Turn, prefix: str, group: ModelGroup, settings: Settings, outage: Outage, rules: Rules, clock: Callable[[], float]
    ) -> None:
        """`prefix` makes this worker's ids unique among all workers. `clock` gives seconds."""
        self._send = turn
        self._prefix = prefix
        self._max_in_flight = group.max_in_flight
        self._max_wait = settings.max_wait_seconds
        self._max_held = settings.max_request_seconds
        self._outage = outage
        self._rules = rules
        self._clock = clock
        # By the request's id in this worker, oldest first.
        self._waiting: dict[str, _Waiter] = {}
        self._held: dict[str, _Place] = {}
        # Content of the next turn: names of returned places, how many of them succeeded, and when the
        # newest throttled request was admitted.
        self._left: list[str] = []
        self._served = 0
        self._throttled = 0
        self._queued = 0
        self._clock_ahead_ms = 0
        self._sign_at = 0.0
        self._renew_at = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        outage.on_down.append(self._let_all_go)
        outage.on_back.append(self._assert_places)

    async def enter(self, request_id: str, caller: Caller) -> None:
        """Waits for a place. Raises Refused 429 after the bounded wait, 503 when the Valkey outage
        exceeds the grace time. `request_id` has no colon."""
        name = f"{self._prefix}{caller.flow}:{request_id}"
        if self._outage.down:
            self._outage.check()
            self._held[request_id] = _Place(name, self._clock(), 0)
            return
        waiter = _Waiter(asyncio.get_running_loop().create_future(), name, self._clock() + self._max_wait)
        self._waiting[request_id] = waiter
        self._stir()
        try:
            await waiter.admitted
        except asyncio.CancelledError:
            self.release(request_id, None)
            raise

    def release(self, request_id: str, outcome: str | None) -> bool:
        """Returns the place, or the queue position, with the next turn. False when this queue does
        not know the request."""
        waiter = self._waiting.pop(request_id, None)
        if waiter is not None:
            self._left.append(waiter.name)
        else:
            place = self._held.pop(request_id, None)
            if place is None:
                return False
            self._served += outcome == "served"
            if outcome == "throttled":
                self._throttled = max(self._throttled, place.admitted)
            self._left.append(place.name)
        self._stir()
        return True

    def throttled(self, request_id: str | None) -> None:
        """Bedrock throttled an attempt of this request. A request that is not known here counts as
        admitted just now."""
        place = None if request_id is None else self._held.get(request_id)
        just_now = int(self._clock() * 1000) + self._clock_ahead_ms if self._clock_ahead_ms else 0
        self._throttled = max(self._throttled, just_now if place is None else place.admitted)
        self._stir()

    def _stir(self) -> None:
        self._wake.set()
        if self._task is None or self._task.done():
            self._renew_at = self._clock() + self._rules.renew_seconds
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting or self._held or self._left or self._throttled:
            await self._rest()
            await self._settle()

    async def _rest(self) -> None:
        """Waits for a change in this worker, or until the next poll for places returned elsewhere,
        or the next lease renewal."""
        pause = self._renew_at - self._clock()
        if self._waiting:
            pause = self._rules.look_seconds * random.uniform(0.8, 1.2)
        if not self._wake.is_set():
            timer = asyncio.get_running_loop().call_later(max(0.0, pause), self._wake.set)
            try:
                await self._wake.wait()
            finally:
                timer.cancel()
        self._wake.clear()

    async def _settle(self) -> None:
        now = self._clock()
        self._refuse_overdue(now)
        renew = now >= self._renew_at
        if renew:
            self._renew_at = now + self._rules.renew_seconds
            self._drop_overlong(now)
        held = [place.name for place in self._held.values()] if renew else []
        if self._outage.down or not (self._waiting or self._left or self._throttled or held):
            return
        # Requests that Valkey knows are named again only as heartbeats, which also restore a queue
        # it has lost.
        sign = now >= self._sign_at
        if sign:
            self._sign_at = now + self._rules.sign_seconds
        named = [waiter for waiter in self._waiting.values() if sign or not waiter.arrival]
        left, self._left = self._left, []
        turn = {
            "prefix": self._prefix,
            "left": left,
            "served": self._served,
            "throttled": self._throttled,
            "held": held,
            "waiting": [[waiter.name, waiter.arrival] for waiter in named],
        }
        self._served = self._throttled = 0
        try:
            time_ms, queued, *admitted = await self._send(_encode(turn))
        except Exception as error:
            self._left = left + self._left
            self._outage.note(error)
            return
        self._queued = int(queued)
        self._clock_ahead_ms = int(time_ms) - int(self._clock() * 1000)
        for waiter in named:
            waiter.arrival = waiter.arrival or int(time_ms)
        for name in admitted:
            self._admit(name.decode() if isinstance(name, bytes) else str(name), int(time_ms))

    def _admit(self, name: str, time_ms: int) -> None:
        request_id = name.rpartition(":")[2]
        waiter = self._waiting.pop(request_id, None)
        if waiter is not None:
            self._held[request_id] = _Place(name, self._clock(), time_ms)
            # Cancelled already when its caller has just disconnected; `enter` then returns the
            # place.
            if not waiter.admitted.done():
                waiter.admitted.set_result(None)
        elif request_id not in self._held and name not in self._left:
            self._left.append(name)
            self._wake.set()

    def _refuse(self, request_id: str, refused: Refused) -> None:
        waiter = self._waiting.pop(request_id)
        self._left.append(waiter.name)
        if not waiter.admitted.done():
            waiter.admitted.set_exception(refused)

    def _refuse_overdue(self, now: float) -> None:
        overdue = list(itertools.takewhile(lambda request_id: self._waiting[request_id].deadline <= now, self._waiting))
        for request_id in overdue:
            # The retry delay grows with the queue's length per place: between 2 and 60 seconds.
            later = max(2, min(60, 2 + 2 * self._queued // max(1, self._max_in_flight)))
            self._refuse(request_id, Refused(429, f"this model is busy: waited {self._max_wait:.0f} s", retry_after=later))

    def _drop_overlong(self, now: float) -> None:
        """Returns places held for longer than a request may run: the end of those requests was
        missed."""
        for request_id in list(itertools.takewhile(lambda request_id: self._held[request_id].since + self._max_held <= now, self._held)):
            self.release(request_id, None)

    def _let_all_go(self) -> None:
        for request_id, waiter in list(self._waiting.items()):
            try:
                self._outage.check()
            except Refused as refused:
                self._refuse(request_id, refused)
            else:
                self._admit(waiter.name, 0)
                # The failed call may have queued it after all. When Valkey is back, the next turn
                # removes it first, then counts it as running.
                self._left.append(waiter.name)

    def _assert_places(self) -> None:
        """Valkey is back: requests that run here, also those admitted during the outage, count from
        now on."""
        if self._held or self._left:
            self._stir()
            self._renew_at = self._clock()
