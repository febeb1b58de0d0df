"""The processes of a task: equal workers at the listeners, and one more for large requests."""

from __future__ import annotations

from socket import socket

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process


class Workers(Multiprocess):
    """LiteLLM holds a worker's event loop for as long as it works on a prompt, and all other requests
    of that worker wait. So large ones are served by a process of their own, which gives way to the
    workers (relay.py)."""

    def __init__(self, config: Config, sockets: list[socket], large: Config, at: socket) -> None:
        super().__init__(config, sockets)
        self._large_config, self._at = large, at
        self._large: Process | None = None

    def init_processes(self) -> None:
        super().init_processes()
        self._begin_large()

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        if self._large is None or self.should_exit.is_set() or self._large.is_alive(self.config.timeout_worker_healthcheck):
            return
        self._large.kill()
        self._large.join()
        if self._large.exitcode == STARTUP_FAILURE:
            # It would fail again and again: the task ends, as it does for a worker.
            self.should_exit.set()
            return
        self._begin_large()

    def terminate_all(self) -> None:
        super().terminate_all()
        if self._large is not None:
            self._large.terminate()

    def join_all(self) -> None:
        super().join_all()
        if self._large is not None:
            self._large.join()

    def _begin_large(self) -> None:
        self._large = Process(self._large_config, [self._at])
        self._large.start()
