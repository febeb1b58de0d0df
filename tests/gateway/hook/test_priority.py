"""Who goes first, over all workers."""

from __future__ import annotations

import asyncio
import time
from statistics import mean

import pytest

from cline_gateway.admission import Admission
from cline_gateway.caller import Caller
from cline_gateway.request import Refused
from cline_gateway.rules import CLASSES, Rules
from conftest import Make, by, until
from valkey_server import ValkeyServer


class Order:
    """The order in which requests get the only place, one after the other."""

    def __init__(self, server: ValkeyServer, workers: list[Admission]) -> None:
        self.served: list[str] = []
        self._server = server
        self._workers = workers
        self._tasks: list[asyncio.Task[None]] = []
        self._holder = asyncio.create_task(workers[0].enter("holder", "strong", by("low")))

    async def add(self, name: str, caller: Caller) -> None:
        """The request waits in Valkey when this returns."""
        await self._holder
        before = self._server.waiting()
        admission = self._workers[len(self._tasks) % len(self._workers)]
        self._tasks.append(asyncio.create_task(self._request(admission, name, caller)))
        await until(lambda: self._server.waiting() == before + 1)

    async def _request(self, admission: Admission, name: str, caller: Caller) -> None:
        await admission.enter(name, "strong", caller)
        self.served.append(name)
        admission.release(name, "served")

    async def run(self) -> list[str]:
        self._workers[0].release("holder")
        await asyncio.gather(*self._tasks)
        return self.served


QUICK = Rules(look_seconds=0.01)


async def test_the_higher_class_goes_first_and_within_a_class_the_first_come(server: ValkeyServer, worker: Make) -> None:
    order = Order(server, [worker(1, QUICK) for _ in range(3)])
    for name in ("low1", "normal1", "low2", "high1", "normal2", "high2"):
        await order.add(name, by(name[:-1]))
    assert await order.run() == ["high1", "high2", "normal1", "normal2", "low1", "low2"]


async def test_whoever_has_waited_longer_than_the_head_start_goes_before_a_higher_class(server: ValkeyServer, worker: Make) -> None:
    rules = Rules(look_seconds=0.01, head_start_ms=(400, 200, 0))
    order = Order(server, [worker(1, rules) for _ in range(3)])
    await order.add("low-early", by("low"))
    await asyncio.sleep(0.25)
    await order.add("normal", by("normal"))
    await order.add("high-early", by("high"))
    await asyncio.sleep(0.25)
    await order.add("high-late", by("high"))
    await order.add("low-late", by("low"))
    assert await order.run() == ["high-early", "low-early", "normal", "high-late", "low-late"]


async def test_no_class_is_passed_over_more_than_nine_times_in_a_row(server: ValkeyServer, worker: Make) -> None:
    order = Order(server, [worker(1, QUICK) for _ in range(3)])
    for n in range(3):
        await order.add(f"low{n}", by("low"))
    for n in range(12):
        await order.add(f"normal{n}", by("normal"))
    for n in range(30):
        await order.add(f"high{n}", by("high"))
    served = await order.run()
    for priority, expected in (("low", 3), ("normal", 12)):
        places = [at for at, name in enumerate(served) if name.startswith(priority)]
        assert len(places) == expected
        gaps = [later - earlier - 1 for earlier, later in zip([-1, *places], places)]
        # Two classes may be due at once: then the second one waits for one more.
        assert max(gaps) <= 10
    # And still nearly all of the first places are the highest class's.
    assert sum(name.startswith("high") for name in served[:30]) >= 24


class Load:
    """Requests that hold a place for `seconds`; their waits and refusals by class."""

    def __init__(self, workers: list[Admission], seconds: float) -> None:
        self.waits: dict[str, list[float]] = {priority: [] for priority in CLASSES}
        self.refused: dict[str, int] = dict.fromkeys(CLASSES, 0)
        self._workers = workers
        self._seconds = seconds
        self._tasks: list[asyncio.Task[None]] = []

    def send(self, priority: str) -> None:
        n = len(self._tasks)
        self._tasks.append(asyncio.create_task(self._request(self._workers[n % len(self._workers)], f"r{n}", priority)))

    async def send_for(self, seconds: float, per_second: dict[str, float]) -> None:
        began = time.monotonic()
        sent = dict.fromkeys(per_second, 0)
        while (passed := time.monotonic() - began) < seconds:
            for priority, rate in per_second.items():
                while sent[priority] < rate * passed:
                    self.send(priority)
                    sent[priority] += 1
            await asyncio.sleep(0.005)

    async def end(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _request(self, admission: Admission, name: str, priority: str) -> None:
        began = time.monotonic()
        try:
            await admission.enter(name, "strong", by(priority))
        except Refused:
            self.refused[priority] += 1
            return
        self.waits[priority].append(time.monotonic() - began)
        await asyncio.sleep(self._seconds)
        admission.release(name, "served")


async def test_under_a_burst_high_waits_less_than_normal_and_normal_less_than_low(worker: Make) -> None:
    load = Load([worker(8, Rules(look_seconds=0.02)) for _ in range(4)], seconds=0.1)
    for n in range(120):
        load.send(("low", "normal", "high")[n % 3])
    await load.end()
    high, normal, low = (mean(load.waits[priority]) for priority in CLASSES)
    print(f"\nmean wait: high {high:.2f} s, normal {normal:.2f} s, low {low:.2f} s; low/high {low / high:.1f}")
    assert [len(load.waits[priority]) for priority in CLASSES] == [40, 40, 40]
    assert high * 1.5 < normal and normal * 1.2 < low
    assert low / high > 2.5


async def test_low_ones_are_all_served_while_high_ones_keep_coming(worker: Make) -> None:
    # The high ones alone take 90 per cent of the places there are; the share is put out of use: the head start alone bounds the wait here.
    rules = Rules(look_seconds=0.02, head_start_ms=(1_000, 500, 0), most_passes=10**9)
    load = Load([worker(8, rules) for _ in range(4)], seconds=0.1)
    for _ in range(40):
        load.send("low")
    await load.send_for(4.0, {"high": 72})
    served_meanwhile = len(load.waits["low"])
    await load.end()
    print(f"\nwait: high mean {mean(load.waits['high']):.2f} s, low mean {mean(load.waits['low']):.2f} s, longest {max(load.waits['low']):.2f} s")
    assert served_meanwhile == 40
    assert mean(load.waits["high"]) < mean(load.waits["low"])
    # The head start, and what was in front already.
    assert max(load.waits["low"]) < 1.0 + 0.5 + 0.5


@pytest.mark.parametrize("most_passes", [9, 10**9])
async def test_a_lasting_overload_of_high_ones_leaves_the_low_ones_their_share(worker: Make, most_passes: int) -> None:
    # Twice as many high ones as there are places: they wait as long as anyone may, so nobody makes up their head start in time.
    rules = Rules(look_seconds=0.02, head_start_ms=(400, 200, 0), most_passes=most_passes)
    load = Load([worker(8, rules, wait=0.8) for _ in range(4)], seconds=0.1)
    await load.send_for(1.5, {"high": 160})
    before = len(load.waits["high"])
    await load.send_for(3.0, {"high": 160, "low": 12})
    await load.end()
    print(f"\nserved: low {len(load.waits['low'])} of 36, high {len(load.waits['high']) - before}")
    if most_passes == 9:
        # A tenth of 80 places a second, for 3 s.
        assert len(load.waits["low"]) >= 18
    else:
        assert len(load.waits["low"]) <= 12
