"""Valkey stops, hangs, refuses to write, and comes back."""

from __future__ import annotations

import asyncio
import logging
import time
from types import SimpleNamespace

import pytest

from cline_gateway.admission import Admission
from cline_gateway.counters import OwnCounters
from cline_gateway.request import Refused
from cline_gateway.rules import Rules
from conftest import Make, by, until
from valkey_server import ValkeyServer

RULES = Rules(probe_seconds=0.2, look_seconds=0.02, call_seconds=1.0)


def lines(caplog: pytest.LogCaptureFixture, text: str) -> int:
    return sum(record.getMessage().startswith(text) for record in caplog.records)


async def timed(admission: Admission, name: str) -> float:
    began = time.monotonic()
    await admission.enter(name, "strong", by("low"))
    return time.monotonic() - began


async def test_requests_go_on_for_the_grace_time_then_503_and_again_after_the_return(
    server: ValkeyServer, worker: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    admission = worker(2, RULES, grace=1.0)
    await admission.enter("before", "strong", by("low"))
    server.stop()
    began = time.monotonic()
    n = 0
    while time.monotonic() - began < 0.9:
        # More than the ceiling: unqueued.
        assert await timed(admission, f"r{n}") < 0.1
        n += 1
        await asyncio.sleep(0.02)
    await until(lambda: time.monotonic() - began > 1.1)
    with pytest.raises(Refused) as refused:
        await admission.enter("late", "strong", by("high"))
    assert (refused.value.status, refused.value.retry_after) == (503, 10)
    elapsed = time.monotonic() - began
    assert 3 <= lines(caplog, "admission_unavailable") <= elapsed / RULES.probe_seconds + 1
    assert lines(caplog, "admission_restored") == 0

    server.start()
    await until(lambda: lines(caplog, "admission_restored") == 1, 1.5)
    # What was let in meanwhile counts from now on.
    await until(lambda: server.in_flight() == n + 1)
    # Asking took no place.
    assert server.in_flight("light") == 0
    waiting = asyncio.create_task(admission.enter("after", "strong", by("high")))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    for name in ("before", *(f"r{k}" for k in range(n))):
        admission.release(name, "served")
    await asyncio.wait_for(waiting, 0.5)
    assert server.in_flight() == 1
    assert lines(caplog, "admission_restored") == 1

    # The grace time is a new one.
    server.stop()
    await asyncio.sleep(0.3)
    assert await timed(admission, "again") < 0.3


async def test_a_server_that_hangs_costs_one_call_not_one_per_request(
    server: ValkeyServer, worker: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    admission = worker(2, RULES)
    await admission.enter("a", "strong", by("low"))
    server.freeze()
    first = await asyncio.gather(*(timed(admission, f"first{n}") for n in range(20)))
    assert max(first) < 1.1
    later = [await timed(admission, f"later{n}") for n in range(200)]
    assert max(later) < 0.05
    for name in ("a", "first3", "later5"):
        admission.release(name, "throttled")
    server.thaw()
    await until(lambda: lines(caplog, "admission_restored") == 1, 2.0)
    await until(lambda: server.in_flight() == 218)
    assert server.waiting() == server.signs() == 0


async def test_a_client_that_tries_again_on_its_own_holds_nobody_up_for_long(server: ValkeyServer, worker: Make) -> None:
    admission = worker(2, Rules(call_seconds=0.3), tries=None)
    await admission.enter("a", "strong", by("low"))
    server.stop()
    assert await timed(admission, "b") < 0.9
    assert await timed(admission, "c") < 0.1


async def test_waiting_requests_are_let_go_when_the_server_stops(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1, RULES)
    await admission.enter("a", "strong", by("low"))
    waiting = [asyncio.create_task(admission.enter(f"r{n}", "strong", by("low"))) for n in range(10)]
    await until(lambda: server.waiting() == 10)
    server.stop()
    await asyncio.wait_for(asyncio.gather(*waiting), 1.0)


async def test_without_any_grace_waiting_requests_are_refused(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1, RULES, grace=0.0)
    await admission.enter("a", "strong", by("low"))
    waiting = asyncio.create_task(admission.enter("b", "strong", by("low")))
    await until(lambda: server.waiting() == 1)
    server.stop()
    with pytest.raises(Refused) as refused:
        await asyncio.wait_for(waiting, 1.0)
    assert refused.value.status == 503


async def test_a_place_left_during_the_outage_is_free_after_it(server: ValkeyServer, worker: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    admission = worker(2, RULES)
    for name in ("a", "b"):
        await admission.enter(name, "strong", by("low"))
    # Alive and with its memory, but no writes: what a primary becomes in a failover.
    server.admin.replicaof("127.0.0.1", "1")
    admission.release("a", "served")
    assert await timed(admission, "c") < 0.1
    admission.release("c", "served")
    assert lines(caplog, "admission_unavailable") == 1
    await asyncio.sleep(0.5)
    assert lines(caplog, "admission_restored") == 0
    server.admin.replicaof("NO", "ONE")
    await until(lambda: lines(caplog, "admission_restored") == 1)
    await until(lambda: server.in_flight() == 1)
    assert await timed(admission, "d") < 0.1


async def test_spend_is_counted_in_the_worker_for_the_outage_and_shared_after_it(server: ValkeyServer, worker: Make) -> None:
    admission = worker(2, RULES)
    counters = SimpleNamespace(redis_cache="shared")
    told: list[str] = []
    own = OwnCounters(lambda: counters)
    admission.on_outage(own.begin, own.end)
    admission.on_outage(lambda: told.append("down"), lambda: told.append("back"))
    await admission.enter("a", "strong", by("low"))
    assert counters.redis_cache == "shared"
    for _ in range(2):
        server.stop()
        await admission.enter("b", "light", by("low"))
        assert counters.redis_cache is None
        # More failures are the same outage.
        await asyncio.sleep(0.5)
        server.start()
        await until(lambda: told[-1] == "back")
        assert counters.redis_cache == "shared"
        admission.release("b", "served")
    assert told == ["down", "back"] * 2


def test_counters_that_litellm_attaches_during_an_outage_stay() -> None:
    counters = SimpleNamespace(redis_cache="first")
    own = OwnCounters(lambda: counters)
    own.begin()
    counters.redis_cache = "second"
    own.end()
    assert counters.redis_cache == "second"
