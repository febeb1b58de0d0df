"""Admission by priority: how many requests of a model group are in flight, shared by all workers and tasks through Valkey.

LiteLLM's own scheduler orders nothing while a deployment is healthy, so requests wait here, before LiteLLM sends them.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, Awaitable, Callable, Protocol, Sequence

from .line import Line, Turn
from .outage import Outage
from .rules import CLASSES, Rules
from .settings import Settings

_KINDS = ("leases", "beats", "limit", "fallen", "passed", *CLASSES)


class Valkey(Protocol):
    """The part of redis.asyncio's client that is used. Its scripts load themselves again where the server has lost them."""

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]: ...


class Admission:
    """One per worker. `enter` waits for a place, `release` gives it back; both may be called from any task of the worker's loop."""

    def __init__(self, valkey: Valkey, settings: Settings, clock: Callable[[], float] = time.monotonic, rules: Rules = Rules()) -> None:
        """`clock` gives seconds. Nothing is sent before the first request."""
        self._script = valkey.register_script((Path(__file__).parent / "turn.lua").read_text(encoding="utf-8"))
        self._call_seconds = rules.call_seconds
        prefix = f"{uuid.uuid4().hex[:12]}:"
        # A lease that is over at once: a write like the real ones, which takes no place.
        probe = self._turns(next(iter(settings.models)), 1, Rules(lease_ms=0))
        nothing = {"prefix": prefix, "left": [], "served": 0, "throttled": 0, "held": [f"{prefix}probe"], "waiting": []}
        self._outage = outage = Outage(lambda: probe(json.dumps(nothing)), settings.grace_seconds, rules, clock)
        self._lines = {
            name: Line(self._turns(name, group.max_in_flight, rules), prefix, group, settings, outage, rules, clock)
            for name, group in settings.models.items()
        }

    def on_outage(self, down: Callable[[], None], back: Callable[[], None]) -> None:
        """Tells when Valkey stops to answer, and when it answers again."""
        self._outage.on_down.append(down)
        self._outage.on_back.append(back)

    async def enter(self, request_id: str, group_name: str, priority: str) -> None:
        """Waits for a place. Raises Refused 429 after the bounded wait, 503 when Valkey has been gone for longer than the grace time,
        KeyError for a group that the settings do not have. Cancelled, it leaves nothing behind."""
        await self._lines[group_name].enter(request_id, priority)

    def release(self, request_id: str, outcome: str | None = None) -> None:
        """Gives the place back, once: a second call does nothing. Sent in the background, off the answer's path; never raises.
        `outcome`: "served", "throttled", or None when it says nothing of load."""
        any(line.release(request_id, outcome) for line in self._lines.values())

    def throttled(self, group_name: str, request_id: str | None = None) -> None:
        """Bedrock throttled an attempt at this group; the request keeps its place for the next one. The limit falls once per overload: only for a
        request that got its place after the last fall could show, so name the request."""
        self._lines[group_name].throttled(request_id)

    def _turns(self, group_name: str, ceiling: int, rules: Rules) -> Turn:
        # As bytes, which the client sends as they are: it would encode text again with every call.
        keys = [f"cline:{{{group_name}}}:{kind}".encode() for kind in _KINDS]
        text = json.dumps({**asdict(rules), "ceiling": ceiling}, separators=(",", ":")).encode()

        async def send(turn: str) -> Sequence[Any]:
            async with asyncio.timeout(self._call_seconds):
                answer: Sequence[Any] = await self._script(keys=keys, args=[text, turn])
                return answer

        return send
