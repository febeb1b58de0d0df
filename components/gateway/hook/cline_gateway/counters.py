"""Where LiteLLM counts what is spent while Valkey is gone."""

from __future__ import annotations

from typing import Any, Callable, Protocol


class Counters(Protocol):
    """LiteLLM's spend counters: in the worker's memory and, where there is one, in the cache that all workers share."""

    redis_cache: Any


class OwnCounters:
    """While Valkey is gone, each worker counts what is spent by itself, as LiteLLM does without a shared cache: from the database's sums on.

    Otherwise LiteLLM reads every counter of a request from the database again, several times, and one request of a department after the other.
    """

    def __init__(self, counters: Callable[[], Counters]) -> None:
        """`counters` is asked when they are needed: LiteLLM makes them after it has loaded the hook."""
        self._counters = counters
        self._shared: Any = None

    def begin(self) -> None:
        counters = self._counters()
        self._shared, counters.redis_cache = counters.redis_cache, None

    def end(self) -> None:
        """LiteLLM's own choice stands where it has attached a cache meanwhile."""
        counters = self._counters()
        if counters.redis_cache is None:
            counters.redis_cache = self._shared
        self._shared = None
