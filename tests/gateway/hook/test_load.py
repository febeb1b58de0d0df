"""What 200 waiting requests of as many developers cost."""

from __future__ import annotations

import asyncio
import time

from cline_gateway.request import Refused
from conftest import Make, by
from valkey_server import ValkeyServer


async def test_200_waiting_developers_cost_little(server: ValkeyServer, worker: Make) -> None:
    workers = [worker(10) for _ in range(4)]
    n = 0
    served = 0

    async def client(index: int) -> None:
        """One of those that always want a place: when answered, it comes again."""
        nonlocal n, served
        admission = workers[index % 4]
        while time.monotonic() < end:
            n += 1
            name = f"r{n}"
            try:
                await admission.enter(name, "strong", by(("low", "normal", "high")[index % 3], f"dev{index}", f"department{index % 7}"))
            except Refused:
                continue
            await asyncio.sleep(0.5)
            served += 1
            admission.release(name, "served")

    end = time.monotonic() + 6.0
    clients = [asyncio.create_task(client(index)) for index in range(210)]
    await asyncio.sleep(1.0)
    server.forget_calls()
    began, cpu, served_before = time.monotonic(), time.process_time(), served
    server_cpu = server.cpu()
    await asyncio.sleep(4.0)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    done = served - served_before
    calls = server.calls()["evalsha"] / seconds
    print(
        f"\n200 waiting, 10 in flight, 4 workers: {calls:.0f} calls/s, {done / seconds:.1f} served/s of 20 possible, "
        f"{1000 * cpu / done:.2f} ms CPU per served request in the workers, {1000 * (server.cpu() - server_cpu) / seconds:.1f} ms/s in the server"
    )
    waiting = server.waiting()
    for task in clients:
        task.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    # 210 want a place; some of them have just left theirs.
    assert 195 <= waiting <= 210
    # Each worker looks ten times a second, and once for each request that comes or goes.
    assert calls < 4 * 13 + 2 * 20
    assert done / seconds > 17


async def test_a_request_with_room_costs_little(server: ValkeyServer, worker: Make) -> None:
    admission = worker(10)

    async def request(name: str) -> None:
        await admission.enter(name, "strong", by("normal"))
        admission.release(name, "served")
        await asyncio.sleep(0.001)

    await request("first")
    cpu = time.process_time()
    for n in range(1000):
        await request(f"r{n}")
    print(f"\nwith room: {1000 * (time.process_time() - cpu) / 1000:.3f} ms CPU per request")
    assert time.process_time() - cpu < 2.0
