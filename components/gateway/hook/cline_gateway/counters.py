"""LiteLLM's spend counters during a Valkey outage."""

from __future__ import annotations

from typing import Any, Callable, Protocol


class Counters(Protocol):
    """LiteLLM's spend counters: in the worker's memory and, where there is one, in the cache that
    all workers share."""

    redis_cache: Any


class OwnCounters:
    """During a Valkey outage each worker counts spend by itself, as LiteLLM does without a shared
    cache: from the database's sums on.

    Otherwise LiteLLM reads every counter of a request from the database again, several times, and
    serializes a department's requests."""

    def __init__(self, counters: Callable[[], Counters]) -> None:
        """`counters` is called on first use: LiteLLM creates them after it has loaded the hook."""
        self._counters = counters
        self._shared: Any = None

    def begin(self) -> None:
        counters = self._counters()
        self._shared, counters.redis_cache = counters.redis_cache, None

    def end(self) -> None:
        """Keeps a cache that LiteLLM has attached meanwhile."""
        counters = self._counters()
        if counters.redis_cache is None:
            counters.redis_cache = self._shared
        self._shared = None
