"""What a worker that died leaves behind ends by itself, and only then."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

from conftest import SHORT, Make, by, until
from valkey_server import ValkeyServer

FOLDER = Path(__file__).parent


@pytest.fixture
def holder(server: ValkeyServer) -> Iterator[subprocess.Popen[str]]:
    """Another worker's process: it holds both places, and three of its requests wait."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(FOLDER), str(FOLDER.parents[2] / "components/gateway/hook")])}
    command = [sys.executable, str(FOLDER / "holder.py"), str(server.port), "2", "3"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()


async def test_leases_and_waiting_requests_of_a_living_worker_stand(server: ValkeyServer, holder: subprocess.Popen[str], worker: Make) -> None:
    other = asyncio.create_task(worker(2, SHORT).enter("mine", "strong", by("low")))
    await until(lambda: server.waiting() == 4)
    # Longer than a lease and than a sign of life.
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        assert (server.in_flight(), server.waiting()) == (2, 4)
        await asyncio.sleep(0.01)
    assert not other.done()
    other.cancel()


async def test_leases_and_waiting_requests_of_a_dead_worker_vanish(server: ValkeyServer, holder: subprocess.Popen[str], worker: Make) -> None:
    admission = worker(2, SHORT)
    other = asyncio.create_task(admission.enter("mine", "strong", by("low")))
    await until(lambda: server.waiting() == 4)
    holder.kill()
    began = time.monotonic()
    # Its waiting requests were of a higher class and would have gone first.
    await asyncio.wait_for(other, 3.0)
    assert 0.3 < time.monotonic() - began < 2.5
    await asyncio.sleep(0.2)
    await asyncio.wait_for(admission.enter("another", "strong", by("low")), 0.5)
    assert (server.in_flight(), server.waiting(), server.signs()) == (2, 0, 0)
