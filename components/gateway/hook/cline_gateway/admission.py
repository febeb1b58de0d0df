"""Admission by priority and fair share: how many requests of a model group are in flight, shared by
all workers and tasks through Valkey.

LiteLLM's own scheduler orders nothing while a deployment is healthy, so requests wait here, before
LiteLLM sends them."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, Awaitable, Callable, Protocol, Sequence

from .caller import Caller
from .line import Line, Turn
from .outage import Outage
from .patience import patiently
from .rules import Rules
from .settings import Settings

KINDS = ("leases", "beats", "limit", "fallen", "passed", "waiting", "arrivals", "changes")
"""The script's keys, in their order."""


SCRIPT = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("order.lua", "turn.lua"))
"""One turn, as Valkey runs it."""


class Valkey(Protocol):
    """The part of redis.asyncio's client that the hook uses. It loads a script again when the
    server has lost it."""

    def register_script(self, script: str) -> Callable[..., Awaitable[Any]]: ...


class Admission:
    """Admission of one worker. `enter` waits for a place, `release` returns it; any task of the
    worker's loop may call both."""

    def __init__(self, valkey: Valkey, settings: Settings, clock: Callable[[], float] = time.monotonic, rules: Rules = Rules()) -> None:
        """`clock` gives seconds. Nothing is sent before the first request."""
        self._script = valkey.register_script(SCRIPT)
        self._call_seconds = rules.call_seconds
        prefix = f"{uuid.uuid4().hex[:12]}:"
        # A lease that expires at once: a write like the real ones, which takes no place.
        probe = self._turns(next(iter(settings.models)), 1, Rules(lease_ms=0))
        nothing = {"prefix": prefix, "left": [], "served": 0, "throttled": 0, "held": [f"{prefix}probe"], "waiting": []}
        self._outage = outage = Outage(lambda: probe(json.dumps(nothing)), settings.grace_seconds, rules, clock)
        self._lines = {
            name: Line(self._turns(name, group.max_in_flight, rules), prefix, group, settings, outage, rules, clock)
            for name, group in settings.models.items()
        }

    def on_outage(self, down: Callable[[], None], back: Callable[[], None]) -> None:
        """Calls `down` when Valkey stops answering, and `back` when it answers again."""
        self._outage.on_down.append(down)
        self._outage.on_back.append(back)

    async def enter(self, request_id: str, group_name: str, caller: Caller) -> None:
        """Waits for a place. Raises Refused 429 after the bounded wait, 503 when the Valkey outage
        exceeds the grace time. Raises KeyError for a group that the settings lack. A cancelled call
        leaves nothing in the queue."""
        await self._lines[group_name].enter(request_id, caller)

    def release(self, request_id: str, outcome: str | None = None) -> None:
        """Returns the place once: a second call does nothing. Sent in the background, off the
        answer's path; never raises. `outcome`: "served", "throttled", or None when it shows nothing
        about load."""
        any(line.release(request_id, outcome) for line in self._lines.values())

    def throttled(self, group_name: str, request_id: str | None = None) -> None:
        """Bedrock throttled an attempt at this group; the request keeps its place for the next
        attempt. The limit falls once per overload: only for a request admitted after the last fall,
        so pass the request's id."""
        self._lines[group_name].throttled(request_id)

    def _turns(self, group_name: str, ceiling: int, rules: Rules) -> Turn:
        # Encoded once: the client would encode a text again on every call.
        keys = [f"cline:{{{group_name}}}:{kind}".encode() for kind in KINDS]
        text = json.dumps({**asdict(rules), "ceiling": ceiling}, separators=(",", ":")).encode()

        async def send(turn: str) -> Sequence[Any]:
            answer: Sequence[Any] = await patiently(self._script(keys=keys, args=[text, turn]), self._call_seconds)
            return answer

        return send
