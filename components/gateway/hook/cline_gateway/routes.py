"""The gateway's routes, from the settings: exact methods and paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Literal, Mapping, get_args

Caller = Literal["developer", "functions", "canary", "health"]
"""Developers are answered on the API's port of a task, functions on management's, the others on both."""

EMBEDDINGS_PATH = "/v1/embeddings"

_SEGMENT = r"(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~@-]|%(?!2[eEfF]|00|5[cC])[0-9A-Fa-f]{2}){1,256}"
"""One segment: no dot segment, and no encoded dot, slash, backslash or null."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    caller: Caller
    answered_from: str | None = None
    """LiteLLM's route whose answer the edge completes."""


class Routes:
    """Matches a request's method and raw path. A segment in braces stands for one segment."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[tuple[str, bytes], Route] = {}
        self._patterns: list[tuple[str, re.Pattern[bytes], Route]] = []
        for route in routes:
            if "{" not in route.path:
                self._exact[route.method, route.path.encode()] = route
                continue
            pattern = re.sub(r"\\\{\w+\\\}", lambda _: _SEGMENT, re.escape(route.path))
            self._patterns.append((route.method, re.compile(pattern.encode()), route))

    def find(self, method: str, raw_path: bytes) -> Route | None:
        exact = self._exact.get((method, raw_path))
        if exact is not None:
            return exact
        return next((route for verb, pattern, route in self._patterns if verb == method and pattern.fullmatch(raw_path)), None)


def routes_of(raw: Iterable[Mapping[str, str]]) -> Routes:
    """Raises KeyError or ValueError on an incomplete table."""
    return Routes([Route(route["method"], route["path"], _caller(route["caller"]), route.get("answeredFrom")) for route in raw])


def _caller(name: str) -> Caller:
    callers: Mapping[str, Caller] = {caller: caller for caller in get_args(Caller)}
    if name not in callers:
        raise ValueError(f"routes: unknown caller {name}")
    return callers[name]
