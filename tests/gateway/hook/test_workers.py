from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any, Iterator

import pytest
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from cline_gateway import workers
from cline_gateway.workers import Workers


@dataclass
class FakeProcess:
    """In a process's place: alive until it is told to have ended."""

    config: Any
    sockets: Any
    alive: bool = True
    exitcode: int | None = None
    pid: int = 0
    started: bool = False
    killed: bool = False

    def start(self) -> None:
        self.started = True

    def is_alive(self, timeout: float) -> bool:
        return self.alive

    def kill(self) -> None:
        self.killed = True

    def join(self) -> None:
        pass


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    monkeypatch.setattr(workers, "Process", FakeProcess)
    monkeypatch.setattr("uvicorn.supervisors.multiprocess.Process", FakeProcess)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    config = uvicorn.Config("any:app", workers=2, log_config=None)
    with socket.socket() as one, socket.socket() as other:
        made = Workers(config, [one], uvicorn.Config("any:large", log_config=None), other)
        made.init_processes()
        yield made


def large(supervisor: Workers) -> FakeProcess:
    found = supervisor._large
    assert isinstance(found, FakeProcess)
    return found


def test_one_process_more_than_workers_has_a_socket_of_its_own(supervisor: Workers) -> None:
    assert len(supervisor.processes) == 2 and large(supervisor).started
    assert large(supervisor).sockets != supervisor.sockets


def test_it_is_begun_anew_when_it_has_died_and_left_alone_while_it_lives(supervisor: Workers) -> None:
    first = large(supervisor)
    supervisor.keep_subprocess_alive()
    assert large(supervisor) is first
    first.alive = False
    supervisor.keep_subprocess_alive()
    assert first.killed and large(supervisor) is not first and large(supervisor).started
    assert not supervisor.should_exit.is_set()


def test_one_that_cannot_start_ends_the_task(supervisor: Workers) -> None:
    first = large(supervisor)
    first.alive, first.exitcode = False, STARTUP_FAILURE
    supervisor.keep_subprocess_alive()
    assert supervisor.should_exit.is_set() and large(supervisor) is first
