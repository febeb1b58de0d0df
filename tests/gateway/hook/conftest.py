from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, AsyncIterator, Callable, Iterator

import pytest
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from cline_gateway.admission import Admission
from cline_gateway.caller import Caller
from cline_gateway.rules import Rules
from cline_gateway.routes import routes_of
from cline_gateway.settings import EdgeSettings, ModelGroup, Settings
from valkey_server import ValkeyServer

Make = Callable[..., Admission]

ONCE_MORE = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
"""As the hook's client: a connection that the server had closed is opened again at once, and nothing else is tried twice."""

SHORT = Rules(lease_ms=800, renew_seconds=0.2, waiter_gone_ms=1_200, sign_seconds=0.15, look_seconds=0.02)
"""A worker's death shows within two seconds."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    server = ValkeyServer(tmp_path)
    server.start()
    yield server
    server.stop()


EDGE = EdgeSettings(
    routes=routes_of(
        [
            {"method": "POST", "path": "/v1/chat/completions", "caller": "developer"},
            {"method": "GET", "path": "/v1/models", "caller": "developer"},
            {"method": "GET", "path": "/v1/model/info", "caller": "developer", "answeredFrom": "/v1/models"},
            {"method": "POST", "path": "/key/generate", "caller": "functions"},
            {"method": "POST", "path": "/team/{team}/member/{user}/reset_spend", "caller": "functions"},
            {"method": "GET", "path": "/health/readiness", "caller": "canary"},
            {"method": "GET", "path": "/health/liveliness", "caller": "health"},
        ]
    ),
    models={"light": {"model_name": "light"}, "strong": {"model_name": "strong"}},
    bytes=4_000,
    large_bytes=3_000,
    bytes_received=8_000,
    depth=8,
    nodes=200,
    send_seconds=0.3,
    per_key=2,
)


ABLE: dict[str, Any] = {"structured_output": True, "forced_tool_use": True, "thinking_budget": True, "cache_hour": True}


def settings(in_flight: int, wait: float = 60.0, grace: float = 60.0, longest: float = 1800.0) -> Settings:
    groups = {name: ModelGroup(default_max_tokens=10, max_tokens=20, max_in_flight=in_flight, fallbacks=(), **ABLE) for name in ("light", "strong")}
    return Settings(region="eu-central-1", models=groups, max_wait_seconds=wait, max_request_seconds=longest, grace_seconds=grace, guardrails={}, edge=EDGE)


def by(priority: str, developer: str = "tanaka", department: str = "engineering") -> Caller:
    return Caller(priority, department, developer)


@pytest.fixture
async def tidy() -> AsyncIterator[None]:
    """Ends what a test has left running: leases are renewed as long as somebody holds them."""
    yield
    # More than once: Python 3.11's wait_for, which the client uses, loses a cancellation that comes together with its result.
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=0.2)


@pytest.fixture
async def worker(server: ValkeyServer, tidy: None) -> AsyncIterator[Make]:
    """Makes an Admission with connections of its own, as one worker has."""
    clients: list[redis.asyncio.Redis] = []

    def make(in_flight: int, rules: Rules = Rules(), tries: Retry | None = ONCE_MORE, **more: Any) -> Admission:
        """`tries` None leaves the client's own: three more after a pause of up to seconds."""
        options: dict[str, Any] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, **({"retry": tries} if tries else {})}
        client = redis.asyncio.Redis(host="127.0.0.1", port=server.port, **options)
        clients.append(client)
        return Admission(client, settings(in_flight, **more), rules=rules)

    yield make
    for client in clients:
        await client.aclose()


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Waits until it is true; fails when that takes longer."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        await asyncio.sleep(0.01)
