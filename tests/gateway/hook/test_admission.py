"""Places, waiting and the limit, on a real server."""

from __future__ import annotations

import asyncio
import random
import time

import pytest

from cline_gateway.request import Refused
from cline_gateway.rules import Rules
from conftest import Make, by, until
from valkey_server import ValkeyServer


async def test_with_room_a_request_waits_for_nobody_and_costs_one_call_each_way(server: ValkeyServer, worker: Make) -> None:
    admission = worker(10)
    await admission.enter("first", "strong", by("low"))
    admission.release("first", "served")
    await until(lambda: server.in_flight() == 0)
    server.forget_calls()
    slowest = 0.0
    for n in range(20):
        began = time.monotonic()
        await admission.enter(f"r{n}", "strong", by("low"))
        slowest = max(slowest, time.monotonic() - began)
        assert server.calls()["evalsha"] == 2 * n + 1
        admission.release(f"r{n}", "served")
        await until(lambda: server.calls()["evalsha"] == 2 * n + 2)
    assert slowest < 0.05
    calls = server.calls()
    assert "script|load" not in calls and "eval" not in calls
    # At the ceiling an answer that went well moves nothing.
    assert "set" not in calls and "del" not in calls and "hincrby" not in calls


async def test_requests_that_come_together_share_a_call(server: ValkeyServer, worker: Make) -> None:
    admission = worker(100)
    await admission.enter("first", "strong", by("normal"))
    server.forget_calls()
    await asyncio.gather(*(admission.enter(f"r{n}", "strong", by("normal")) for n in range(50)))
    assert server.calls()["evalsha"] <= 2
    assert server.in_flight() == 51


async def test_groups_do_not_wait_for_each_other(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1)
    await admission.enter("a", "strong", by("low"))
    await asyncio.wait_for(admission.enter("b", "light", by("low")), 0.5)
    assert (server.in_flight("strong"), server.in_flight("light")) == (1, 1)


async def test_no_more_in_flight_over_all_workers_than_the_ceiling(server: ValkeyServer, worker: Make) -> None:
    workers = [worker(5) for _ in range(4)]
    inside = most = 0

    async def request(n: int) -> None:
        nonlocal inside, most
        admission = workers[n % 4]
        await admission.enter(f"r{n}", "strong", by(random.choice(["low", "normal", "high"])))
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(random.uniform(0.0, 0.03))
        inside -= 1
        admission.release(f"r{n}", "served")

    await asyncio.gather(*(request(n) for n in range(400)))
    assert most == 5
    await until(lambda: server.in_flight() == server.waiting() == server.signs() == 0)


async def test_a_place_given_back_goes_at_once_to_a_request_of_the_same_worker(worker: Make) -> None:
    admission = worker(1, Rules(look_seconds=30.0))
    await admission.enter("a", "strong", by("low"))
    waiting = asyncio.create_task(admission.enter("b", "strong", by("low")))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    admission.release("a", "served")
    await asyncio.wait_for(waiting, 0.5)


async def test_the_wait_is_bounded_and_tells_when_to_come_back(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1, wait=0.4)
    await admission.enter("a", "strong", by("low"))
    began = time.monotonic()
    crowd = asyncio.gather(*(admission.enter(f"r{n}", "strong", by("high")) for n in range(30)), return_exceptions=True)
    answers = await asyncio.wait_for(crowd, 5.0)
    assert 0.3 < time.monotonic() - began < 1.0
    assert all(isinstance(answer, Refused) and answer.status == 429 and 2 <= (answer.retry_after or 0) <= 60 for answer in answers)
    assert isinstance(answers[0], Refused) and answers[0].retry_after == 60
    await until(lambda: server.waiting() == server.signs() == 0)
    assert server.in_flight() == 1


async def test_a_place_is_given_back_once(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1)
    admission.release("never entered", "served")
    await admission.enter("a", "strong", by("low"))
    admission.release("a", "served")
    await admission.enter("b", "strong", by("low"))
    admission.release("a", "served")
    await asyncio.sleep(0.05)
    assert server.in_flight() == 1


async def test_an_end_that_was_missed_gives_the_place_back_in_the_end(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1, Rules(lease_ms=300, renew_seconds=0.1), longest=0.6)
    await admission.enter("a", "strong", by("low"))
    await asyncio.sleep(0.45)
    assert server.in_flight() == 1
    await until(lambda: server.in_flight() == 0, 1.0)


async def test_cancelled_at_any_moment_a_request_leaves_nothing_behind(server: ValkeyServer, worker: Make) -> None:
    workers = [worker(3) for _ in range(3)]
    chance = random.Random(7)

    async def request(n: int, hold: float) -> None:
        admission = workers[n % 3]
        await admission.enter(f"r{n}", "strong", by(chance.choice(["low", "normal", "high"])))
        try:
            await asyncio.sleep(hold)
        finally:
            admission.release(f"r{n}", "served")

    async def cancelled(n: int) -> None:
        task = asyncio.create_task(request(n, chance.choice([0.0, 0.002, 0.01])))
        # Among them: before its first step, while its first turn is under way, and in the very step in which it is admitted.
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        if chance.random() < 0.7:
            await asyncio.sleep(chance.choice([0.0, 0.0005, 0.001, 0.003, 0.01, 0.05]))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for batch in range(20):
        await asyncio.gather(*(cancelled(100 * batch + n) for n in range(60)))
    await until(lambda: server.in_flight() == server.waiting() == server.signs() == 0, 1.0)
    # And no worker still counts a place that it would renew for ever.
    await asyncio.wait_for(asyncio.gather(*(workers[0].enter(f"last{n}", "strong", by("low")) for n in range(3))), 1.0)


async def test_the_limit_falls_once_per_overload_and_recovers(server: ValkeyServer, worker: Make) -> None:
    workers = [worker(10, Rules(fall_once_ms=300)) for _ in range(2)]

    async def burst(outcome: str) -> None:
        names = [f"{outcome}{n}" for n in range(8)]
        await asyncio.gather(*(workers[n % 2].enter(name, "strong", by("low")) for n, name in enumerate(names)))
        for n, name in enumerate(names):
            workers[n % 2].release(name, outcome)
            await asyncio.sleep(0.005)
        await until(lambda: server.in_flight() == 0)

    await burst("throttled")
    assert server.limit() == pytest.approx(7.0)
    # Let in before the fall could show: the same overload.
    await workers[0].enter("soon", "strong", by("low"))
    await asyncio.sleep(0.4)
    workers[0].release("soon", "throttled")
    await until(lambda: server.in_flight() == 0)
    assert server.limit() == pytest.approx(7.0)
    # Let in under the new limit: another one.
    await workers[0].enter("later", "strong", by("low"))
    workers[0].throttled("strong", "later")
    await until(lambda: server.limit() != pytest.approx(7.0))
    assert server.limit() == pytest.approx(4.9)
    assert server.in_flight() == 1
    workers[0].release("later")
    for n in range(200):
        await workers[0].enter(f"well{n}", "strong", by("low"))
        workers[0].release(f"well{n}", "served")
        if server.limit() is None:
            break
    # One more in flight per round of answers that went well: from 4.9 to 10 in about the sum of 5 to 9.
    assert 30 <= n <= 45


async def test_a_fallen_limit_binds_and_never_shuts_the_group(server: ValkeyServer, worker: Make) -> None:
    admission = worker(4, Rules(fall_once_ms=1), wait=0.3)
    for n in range(12):
        await admission.enter(f"r{n}", "strong", by("low"))
        await asyncio.sleep(0.005)
        admission.release(f"r{n}", "throttled")
    await until(lambda: server.limit() == 1.0)
    await admission.enter("one", "strong", by("low"))
    with pytest.raises(Refused):
        await admission.enter("two", "strong", by("high"))


async def test_a_server_that_has_lost_its_scripts_is_given_them_again(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1)
    await admission.enter("a", "strong", by("low"))
    waiting = asyncio.create_task(admission.enter("b", "strong", by("low")))
    await asyncio.sleep(0.05)
    server.admin.script_flush()
    admission.release("a", "served")
    await asyncio.wait_for(waiting, 0.5)
    server.admin.script_flush()
    admission.release("b", "served")
    await until(lambda: server.in_flight() == 0)


async def test_a_server_that_has_lost_its_memory_learns_who_runs_and_who_waits(server: ValkeyServer, worker: Make) -> None:
    admission = worker(2, Rules(renew_seconds=0.3, sign_seconds=0.2))
    for name in ("a", "b"):
        await admission.enter(name, "strong", by("low"))
    waiting = [asyncio.create_task(admission.enter(name, "strong", by("low"))) for name in ("c", "d", "e")]
    await asyncio.sleep(0.3)
    server.admin.flushall()
    await until(lambda: server.in_flight() >= 2 and server.waiting() + server.in_flight() >= 5, 1.0)
    for name in ("a", "b"):
        admission.release(name, "served")
    await asyncio.gather(*waiting[:2])
