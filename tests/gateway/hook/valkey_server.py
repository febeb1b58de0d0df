"""A real server of Valkey's protocol for the tests, on a loopback port, with a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis


def find_server() -> str | None:
    """Path of valkey-server or redis-server, whichever is installed."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


class ValkeyServer:
    """Keeps nothing over a restart, as the smallest node group without a snapshot."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.admin = redis.Redis(host="127.0.0.1", port=self.port, decode_responses=True)

    def start(self) -> None:
        command = [find_server() or "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.admin.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        raise RuntimeError("the server did not start within 4 s")

    def stop(self) -> None:
        """Also after `freeze`; does nothing when it is not running."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def calls(self) -> dict[str, int]:
        """How often each command came over a connection or out of a script since `forget_calls`."""
        return {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in self.admin.info("commandstats").items()}

    def forget_calls(self) -> None:
        self.admin.config_resetstat()

    def in_flight(self, group: str = "strong") -> int:
        """Leases that are not over; those that are go with the next request."""
        seconds, microseconds = self.admin.time()
        return int(self.admin.zcount(f"cline:{{{group}}}:leases", f"({1000 * seconds + microseconds // 1000}", "+inf"))

    def waiting(self, group: str = "strong") -> int:
        return int(self.admin.zcard(f"cline:{{{group}}}:waiting"))

    def signs(self, group: str = "strong") -> int:
        return int(self.admin.zcard(f"cline:{{{group}}}:beats"))

    def limit(self, group: str = "strong") -> float | None:
        """None when it stands at the ceiling."""
        found = self.admin.get(f"cline:{{{group}}}:limit")
        return None if found is None else float(found)

    def cpu(self) -> float:
        """Seconds of processor time spent since the start."""
        found = self.admin.info("cpu")
        return float(found["used_cpu_sys"]) + float(found["used_cpu_user"])
