"""Workers of the gateway in virtual time: the hook's own queue and script, on a real server, with a clock that jumps from one event to the
next. So minutes pass in a second, and a seed gives the same run on every machine."""

from __future__ import annotations

import asyncio
import json
import random
import selectors
from dataclasses import asdict, dataclass, field
from typing import Any, Callable, Coroutine, Sequence, TypeVar

import redis

from cline_gateway.admission import KINDS, SCRIPT
from cline_gateway.caller import Caller
from cline_gateway.line import Line, Turn
from cline_gateway.outage import Outage
from cline_gateway.refused import Refused
from cline_gateway.rules import Rules
from conftest import settings

T = TypeVar("T")


class _Jump(selectors.SelectSelector):
    """Waits for nothing: it moves the clock by the time that the loop would wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "nothing will ever happen"
        self.now += max(0.0, timeout)
        return super().select(0)


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine in virtual time."""
    selector = _Jump()
    loop = asyncio.SelectorEventLoop(selector)
    # The loop asks for its time in seconds.
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


@dataclass
class Gauge:
    """Places in use and requests waiting, over time."""

    places: int
    in_flight: int = 0
    waiting: int = 0
    most: int = 0
    waited_seconds: float = 0.0
    """Time during which somebody waited."""
    idle_seconds: float = 0.0
    """Place-seconds unused during that time."""
    _at: float = 0.0

    def move(self, in_flight: int, waiting: int) -> None:
        now = asyncio.get_running_loop().time()
        if self.waiting:
            self.waited_seconds += now - self._at
            self.idle_seconds += (now - self._at) * max(0, self.places - self.in_flight)
        self._at = now
        self.in_flight += in_flight
        self.waiting += waiting
        self.most = max(self.most, self.in_flight)

    @property
    def idle(self) -> float:
        """Part of the places that was unused while somebody waited."""
        return self.idle_seconds / (self.places * self.waited_seconds)


@dataclass
class Calls:
    """What became of a developer's calls."""

    waits: list[float] = field(default_factory=list)
    """Seconds, of the calls that got a place."""
    refused: int = 0
    in_flight: int = 0
    most: int = 0
    """The most places held at a time."""

    def p95(self) -> float:
        return sorted(self.waits)[int(0.95 * len(self.waits))]


class Simulation:
    """One model group and its workers. Needs a running loop of `run`."""

    def __init__(self, server: redis.Redis, seed: int, places: int, workers: int = 3, wait: float = 60.0) -> None:
        server.flushall()
        random.seed(seed)
        self.chance = random.Random(seed)
        self.gauge = Gauge(places)
        self._n = 0
        clock = asyncio.get_running_loop().time
        rules = Rules()
        assert SCRIPT.count('redis.call("TIME")') == 1
        script = server.register_script(SCRIPT.replace('redis.call("TIME")', "{ARGV[3], ARGV[4]}"))
        keys = [f"{{simulated}}:{kind}" for kind in KINDS]
        text = json.dumps({**asdict(rules), "ceiling": places})

        async def send(turn: str) -> Sequence[Any]:
            seconds, part = divmod(1_000_000 + clock(), 1)
            answer: Sequence[Any] = script(keys=keys, args=[text, turn, int(seconds), int(part * 1_000_000)])
            return answer

        self._lines = [self._line(send, f"worker{n}:", places, wait, rules, clock) for n in range(workers)]

    def _line(self, send: Turn, prefix: str, places: int, wait: float, rules: Rules, clock: Callable[[], float]) -> Line:
        own = settings(places, wait=wait)

        async def probe() -> None:
            raise AssertionError("the server does not fail here")

        return Line(send, prefix, own.models["strong"], own, Outage(probe, 60.0, rules, clock), rules, clock)

    async def call(self, caller: Caller, calls: Calls, seconds: float) -> bool:
        """One request, at any of the workers. Returns whether it got a place."""
        clock = asyncio.get_running_loop().time
        line, name = self.chance.choice(self._lines), f"r{self._n}"
        self._n += 1
        began = clock()
        self.gauge.move(0, 1)
        try:
            await line.enter(name, caller)
        except Refused:
            self.gauge.move(0, -1)
            calls.refused += 1
            return False
        calls.waits.append(clock() - began)
        calls.in_flight += 1
        calls.most = max(calls.most, calls.in_flight)
        self.gauge.move(1, -1)
        await asyncio.sleep(seconds)
        self.gauge.move(-1, 0)
        calls.in_flight -= 1
        line.release(name, "served")
        return True

    def duration(self, mean: float) -> float:
        """Seconds of a call, of a log-normal distribution as answers of models have it."""
        return self.chance.lognormvariate(0.0, 0.5) * mean / 1.1331

    async def developer(self, caller: Caller, calls: Calls, in_flight: int, until: float, mean: float = 3.0) -> None:
        """Keeps so many calls in flight until then, and tries again after a refusal as Cline does. `mean` seconds of a call."""

        async def one() -> None:
            clock = asyncio.get_running_loop().time
            await asyncio.sleep(self.chance.random())
            while clock() < until:
                if not await self.call(caller, calls, self.duration(mean)):
                    await asyncio.sleep(2)

        await asyncio.gather(*(one() for _ in range(in_flight)))
