"""Who gets the next place, by developer and department: most of it in virtual time, over several workers, on a real server."""

from __future__ import annotations

import asyncio
import pytest

from cline_gateway.caller import Caller
from cline_gateway.rules import Rules
from conftest import Make, by, until
from simulation import Calls, Simulation, run
from test_priority import QUICK, Order
from valkey_server import ValkeyServer

NINE = [by("normal", f"dev{n}") for n in range(9)]
TENTH = by("normal", "tenth")


class Crowd:
    """Nine developers with one call in flight each, and a tenth, at a model with five places."""

    def __init__(self, server: ValkeyServer, seed: int, tenth: int, seconds: float, mean: float = 3.0) -> None:
        self.nine, self.tenth = Calls(), Calls()

        async def main() -> None:
            simulation = Simulation(server.admin, seed, places=5)
            self.gauge = simulation.gauge
            nine = [simulation.developer(caller, self.nine, 1, seconds) for caller in NINE]
            await asyncio.gather(*nine, simulation.developer(TENTH, self.tenth, tenth, seconds, mean))

        run(main)


@pytest.mark.parametrize("seed", (1, 2, 3))
def test_nine_developers_wait_no_longer_because_a_tenth_sends_60_calls(server: ValkeyServer, seed: int) -> None:
    quiet, busy = (Crowd(server, seed, tenth, seconds=90.0) for tenth in (1, 60))
    ratio = busy.nine.p95() / quiet.nine.p95()
    print(f"\np95 wait of nine: beside one call {quiet.nine.p95():.1f} s, beside 60 {busy.nine.p95():.1f} s, {ratio:.2f}; idle {busy.gauge.idle:.3f}")
    assert ratio <= 1.2
    assert busy.nine.refused == 0
    # All places are in use while anybody waits, but for the moments until a worker looks.
    assert busy.gauge.most == 5 and busy.gauge.idle < 0.03


def test_a_tenth_whose_calls_take_ten_times_as_long_keeps_no_more_places(server: ValkeyServer) -> None:
    # By turns alone the tenth would hold four of the five places: each of its turns lasts as long as ten of the others'.
    quiet, busy = (Crowd(server, 1, tenth, seconds=180.0, mean=30.0) for tenth in (1, 60))
    ratio = busy.nine.p95() / quiet.nine.p95()
    print(f"\np95 wait of nine: beside one call {quiet.nine.p95():.1f} s, beside 60 {busy.nine.p95():.1f} s, {ratio:.2f}; idle {busy.gauge.idle:.3f}")
    assert ratio <= 1.5


def test_a_lone_developer_uses_all_places_yields_them_and_has_all_calls_served(server: ValkeyServer) -> None:
    nine, tenth = Calls(), Calls()

    async def main() -> Simulation:
        simulation = Simulation(server.admin, 4, places=5, wait=600.0)
        burst = [asyncio.create_task(simulation.call(TENTH, tenth, simulation.duration(3.0))) for _ in range(60)]
        await asyncio.sleep(1.0)
        assert tenth.in_flight == 5
        await asyncio.gather(*(simulation.developer(caller, nine, 1, 40.0) for caller in NINE))
        # The nine have gone: all places are the tenth's again.
        before = len(tenth.waits)
        await asyncio.sleep(12.0)
        assert len(tenth.waits) - before >= 15
        assert all(await asyncio.gather(*burst))
        return simulation

    simulation = run(main)
    assert (len(tenth.waits), tenth.refused, nine.refused) == (60, 0, 0)
    # At first they wait until five places are given back once, later for their turn.
    assert max(nine.waits) < 10.0
    assert simulation.gauge.idle < 0.03


@pytest.mark.parametrize(("in_flight", "places"), [(1, 1), (60, 15)])
def test_a_department_of_one_has_its_part_beside_a_department_of_50(server: ValkeyServer, in_flight: int, places: int) -> None:
    many, one = Calls(), Calls()

    async def main() -> Simulation:
        simulation = Simulation(server.admin, 5, places=30)
        crowd = [simulation.developer(by("normal", f"dev{n}", "sales"), many, 4, 25.0) for n in range(50)]
        await asyncio.gather(*crowd, simulation.developer(by("normal", "tanaka", "legal"), one, in_flight, 25.0))
        return simulation

    simulation = run(main)
    print(f"\np95 wait: of one {one.p95():.1f} s, of 50 {many.p95():.1f} s; most places of one {one.most}; idle {simulation.gauge.idle:.3f}")
    assert one.most >= places
    if in_flight == 1:
        # The next free place, of thirty that are given back every three seconds.
        assert one.p95() < 1.0 < many.p95()
    else:
        # No more than half while the others want theirs.
        assert one.p95() > 3.0
    assert simulation.gauge.idle < 0.04


async def test_developers_take_turns_whoever_came_first_with_many(server: ValkeyServer, worker: Make) -> None:
    order = Order(server, [worker(1, QUICK) for _ in range(3)])
    for n in range(5):
        await order.add(f"many{n}", TENTH)
    for name in ("a0", "b0", "a1"):
        await order.add(name, by("normal", name[0]))
    assert await order.run() == ["many0", "a0", "b0", "many1", "a1", "many2", "many3", "many4"]


async def test_departments_take_turns_and_in_them_their_developers(server: ValkeyServer, worker: Make) -> None:
    order = Order(server, [worker(1, QUICK) for _ in range(3)])
    for name in ("sales-a0", "sales-a1", "sales-b0", "sales-c0", "legal-d0", "legal-d1"):
        department, developer = name[:-1].split("-")
        await order.add(name, by("normal", developer, department))
    assert await order.run() == ["sales-a0", "legal-d0", "sales-b0", "legal-d1", "sales-c0", "sales-a1"]


async def test_whoever_holds_many_places_yields_the_next_one_also_after_a_loss_of_memory(server: ValkeyServer, worker: Make) -> None:
    admission, other = (worker(3, Rules(renew_seconds=0.2, sign_seconds=0.1, look_seconds=0.02)) for _ in range(2))
    for n in range(3):
        await admission.enter(f"held{n}", "strong", TENTH)
    server.admin.flushall()
    await until(lambda: server.in_flight() == 3)
    served: list[str] = []

    def wait(name: str, caller: Caller) -> asyncio.Task[None]:
        async def enter() -> None:
            await other.enter(name, "strong", caller)
            served.append(name)

        return asyncio.create_task(enter())

    tasks = []
    for name, caller in (("more", TENTH), ("first", NINE[0]), ("second", NINE[1])):
        tasks.append(wait(name, caller))
        await until(lambda: server.waiting() == len(tasks))
    for n in range(3):
        admission.release(f"held{n}", "served")
        await until(lambda: len(served) == n + 1)
    assert served == ["first", "second", "more"]


async def test_a_turn_reads_one_request_of_each_developer_however_many_wait(server: ValkeyServer, worker: Make) -> None:
    admission = worker(1, Rules(look_seconds=30.0))

    async def scanned(each: int) -> int:
        name = f"held{each}"
        await admission.enter(name, "strong", TENTH)
        waiting = [asyncio.create_task(admission.enter(f"{each}-{n}", "strong", NINE[n % 9])) for n in range(9 * each)]
        await until(lambda: server.waiting() == 9 * each)
        server.forget_calls()
        admission.release(name, "served")
        await until(lambda: server.waiting() == 9 * each - 1)
        calls = server.calls()["zrangebylex"]
        for n, task in enumerate(waiting):
            task.cancel()
            admission.release(f"{each}-{n}")
        await asyncio.gather(*waiting, return_exceptions=True)
        await until(lambda: server.waiting() == server.in_flight() == 0)
        return calls

    # Nine developers, the end of the set, and the next request of the one who got the place.
    assert [await scanned(each) for each in (2, 20)] == [11, 11]


def test_names_of_people_do_not_stand_in_valkey() -> None:
    flow = by("low", "tanaka:7.", "sales").flow
    assert "tanaka" not in flow and "sales" not in flow
    assert flow.startswith("3.") and len(flow.split(".")) == 3 and ":" not in flow
    # Of one department; and the same person in another is another share.
    assert flow.rpartition(".")[0] == by("low", "suzuki", "sales").flow.rpartition(".")[0]
    assert flow != by("low", "tanaka:7.", "legal").flow
