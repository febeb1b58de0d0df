"""Large requests: the edge of a worker hands them on, over a real connection, to the edge of another process."""

from __future__ import annotations

import asyncio
import json
from typing import AsyncIterator

import pytest
import uvicorn

from cline_gateway.asgi import Message
from cline_gateway.edge import Edge
from cline_gateway.relay import Relay
from conftest import EDGE
from test_edge import CHAT, KEY, MANAGEMENT, Inner, ask

SMALL = json.dumps(CHAT).encode()
LARGE = json.dumps({**CHAT, "messages": [{"role": "user", "content": "x" * 3_200}]}).encode()
"""Above `large_bytes` of conftest.py, below `bytes`."""


class Pair:
    """A worker's edge, and the one of the process for large requests behind a server."""

    def __init__(self, port: int, large: Inner) -> None:
        self.here, self.large = Inner(), large
        self.edge = Edge(self.here, EDGE, MANAGEMENT, Relay(port, 10))


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    large = Inner()
    config = uvicorn.Config(Edge(large, EDGE, MANAGEMENT), host="127.0.0.1", port=0, log_config=None, lifespan="off")
    at = config.bind_socket()
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([at]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield Pair(at.getsockname()[1], large)
    server.should_exit = True
    await running


async def test_only_large_bodies_are_handed_on(pair: Pair) -> None:
    assert (await ask(pair.edge, body=SMALL)).status == 200
    assert (len(pair.here.seen), len(pair.large.seen)) == (1, 0)
    answer = await ask(pair.edge, body=LARGE)
    assert (answer.status, answer.body) == (200, pair.large.answer)
    assert (len(pair.here.seen), len(pair.large.seen)) == (1, 1)
    assert json.loads(pair.large.seen[0]["body"]) == json.loads(LARGE)
    assert dict(pair.large.seen[0]["scope"]["headers"])[b"authorization"] == KEY


async def test_one_without_a_length_counts_by_what_arrives(pair: Pair) -> None:
    assert (await ask(pair.edge, body=[LARGE[:2_000], LARGE[2_000:]])).status == 200
    assert len(pair.large.seen) == 1


async def test_its_faults_and_headers_are_answered_as_by_a_worker(pair: Pair) -> None:
    wrong = await ask(pair.edge, body=LARGE.replace(b'"model"', b'"model_id"'))
    assert wrong.status == 400 and "model_id" in wrong.words
    pair.large.status, pair.large.answer = 429, b'{"error":{"message":"arn:aws:bedrock:x is busy"}}'
    busy = await ask(pair.edge, body=LARGE)
    assert (busy.status, busy.headers[b"retry-after"], busy.words) == (429, b"3", "(an ARN) is busy")
    assert b"x-litellm-model-api-base" not in busy.headers


async def test_a_stream_passes_as_it_comes() -> None:
    seen: list[Message] = []
    held = asyncio.Event()

    class Slow(Inner):
        async def __call__(self, scope: object, receive: object, send: object) -> None:
            await receive()  # type: ignore[operator]
            await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
            await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})  # type: ignore[operator]
            await held.wait()
            await send({"type": "http.response.body", "body": b"data: 2\n\n", "more_body": False})  # type: ignore[operator]

    config = uvicorn.Config(Edge(Slow(), EDGE, MANAGEMENT), host="127.0.0.1", port=0, log_config=None, lifespan="off")
    at = config.bind_socket()
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([at]))
    while not server.started:
        await asyncio.sleep(0.01)

    async def send(message: Message) -> None:
        seen.append(message)

    relay = Relay(at.getsockname()[1], 10)
    headers = [(b"authorization", KEY), (b"content-type", b"application/json"), (b"content-length", str(len(LARGE)).encode())]
    answering = asyncio.create_task(relay("/v1/chat/completions", headers, LARGE, send))
    for _ in range(500):
        if any(message.get("body") == b"data: 1\n\n" for message in seen):
            break
        await asyncio.sleep(0.01)
    assert [message["body"] for message in seen[1:]] == [b"data: 1\n\n"] and not answering.done()
    held.set()
    await answering
    assert b"".join(message["body"] for message in seen[1:]) == b"data: 1\n\ndata: 2\n\n"
    assert [message.get("more_body") for message in seen[1:]][-1] is False
    server.should_exit = True
    await running


async def test_while_the_process_starts_callers_are_told_to_come_again() -> None:
    # Nothing listens on the port of a socket that is bound and does not listen.
    import socket

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        edge = Edge(Inner(), EDGE, MANAGEMENT, Relay(bound.getsockname()[1], 10))
        answer = await ask(edge, body=LARGE)
    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"5")


async def test_a_key_has_as_many_in_flight_as_of_small_ones(pair: Pair) -> None:
    pair.large.hold = asyncio.Event()
    waiting = [asyncio.create_task(ask(pair.edge, body=LARGE)) for _ in range(EDGE.per_key)]
    while len(pair.large.seen) < EDGE.per_key:
        await asyncio.sleep(0.01)
    assert (await ask(pair.edge, body=SMALL)).status == 429
    pair.large.hold.set()
    assert [answer.status for answer in await asyncio.gather(*waiting)] == [200] * EDGE.per_key
    assert (await ask(pair.edge, body=SMALL)).status == 200
