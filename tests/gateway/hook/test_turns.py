"""One turn after the other, step by step: a stand-in for Valkey's client says when a call is answered."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any, Awaitable, Callable

import pytest

from cline_gateway.admission import Admission
from cline_gateway.rules import Rules
from conftest import by, settings


class Client:
    """Answers when told, and admits whoever waits."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.fails = False
        self._answer: asyncio.Future[None] | None = None

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]:
        return self._call

    async def _call(self, keys: list[bytes], args: list[Any]) -> list[Any]:
        turn = json.loads(args[1])
        self.turns.append(turn)
        if self.fails:
            await asyncio.sleep(0)
            raise ConnectionError
        assert self._answer is None, "two calls at once"
        self._answer = asyncio.get_running_loop().create_future()
        await self._answer
        self._answer = None
        return [1_000_000, 0, *(waiting[0].encode() for waiting in turn["waiting"])]

    def answer(self) -> None:
        assert self._answer is not None
        self._answer.set_result(None)


async def steps(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def ends(names: list[str]) -> list[str]:
    return [name.rpartition(":")[2] for name in names]

pytestmark = pytest.mark.usefixtures("tidy")


async def test_what_comes_during_a_call_goes_together_with_the_next() -> None:
    client = Client()
    admission = Admission(client, settings(10))
    first = asyncio.create_task(admission.enter("a", "strong", by("high")))
    await steps()
    others = [asyncio.create_task(admission.enter(name, "strong", by("low"))) for name in ("b", "c", "d")]
    await steps()
    assert len(client.turns) == 1
    client.answer()
    await first
    assert [(*ends([name]), name.split(":")[1]) for name, _ in client.turns[1]["waiting"]] == [(name, by("low").flow) for name in ("b", "c", "d")]
    admission.release("a", "served")
    late = asyncio.create_task(admission.enter("e", "strong", by("normal")))
    await steps()
    assert len(client.turns) == 2
    client.answer()
    await asyncio.gather(*others)
    await steps()
    turn = client.turns[2]
    assert (ends(turn["left"]), turn["served"], len(turn["waiting"])) == (["a"], 1, 1)
    client.answer()
    await late


async def test_cancelled_in_the_step_in_which_it_is_admitted_it_gives_its_place_back_and_the_others_keep_theirs() -> None:
    client = Client()
    admission = Admission(client, settings(10))
    gone, stays = (asyncio.create_task(admission.enter(name, "strong", by("low"))) for name in ("gone", "stays"))
    await steps()
    client.answer()
    gone.cancel()
    await asyncio.wait_for(stays, 0.5)
    assert gone.cancelled()
    await steps()
    assert ends(client.turns[1]["left"]) == ["gone"]


async def test_cancelled_just_after_it_is_admitted_it_gives_its_place_back() -> None:
    client = Client()
    admission = Admission(client, settings(10))
    gone = asyncio.create_task(admission.enter("gone", "strong", by("low")))
    await steps()
    client.answer()
    # So many steps after the answer, one of which is between the admission and the request's going on.
    for _ in range(10):
        await asyncio.sleep(0)
        if admission._lines["strong"]._held:
            break
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert gone.cancelled()
    await steps()
    assert ends(client.turns[1]["left"]) == ["gone"]


async def test_while_valkey_is_gone_only_one_probe_a_second_calls_and_one_line_a_second_is_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    client = Client()
    client.fails = True
    admission = Admission(client, settings(10), rules=Rules(probe_seconds=0.2))
    await asyncio.gather(*(admission.enter(f"r{n}", ("light", "strong")[n % 2], by("low")) for n in range(50)))
    # One for each group: both were under way when the first failed.
    assert len(client.turns) == 2
    begun = time.monotonic()
    for n in range(50):
        await admission.enter(f"later{n}", "strong", by("low"))
        admission.release(f"r{n}", "served")
        admission.throttled("strong", f"later{n}")
        await asyncio.sleep(0.01)
    probes = client.turns[2:]
    assert 1 <= len(probes) <= (time.monotonic() - begun) / 0.2 + 1
    assert all(ends(turn["held"]) == ["probe"] for turn in probes)
    assert 1 <= len(caplog.records) <= len(probes) + 1
