"""Bounds of a JSON document."""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import from_json

from .refused import Refused


_INTEGERS = range(-(2**63), 2**64)
"""What LiteLLM's own serializer writes: a wider integer would fail inside LiteLLM."""


def parsed(text: bytes, depth: int, nodes: int) -> Any:
    """The document. Raises `Refused` (400) when it is no JSON, nests deeper than `depth`, holds
    more than `nodes` objects, lists and scalars, or a number beyond 64 bits."""
    try:
        document = from_json(text, allow_inf_nan=False)
    except ValueError:
        # Also a document that nests deeper than the parser follows; its words may quote the body.
        raise Refused(400, f"body: allowed is JSON in UTF-8, not compressed, that nests at most {depth} levels") from None
    count = 0
    level = [document]
    for _ in range(depth + 1):
        count += len(level)
        if count > nodes:
            raise Refused(400, f"body: allowed are at most {nodes} values")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif (type(value) is int and value not in _INTEGERS) or (type(value) is float and not math.isfinite(value)):
                raise Refused(400, "body: allowed are numbers of 64 bits")
        if not below:
            return document
        level = below
    raise Refused(400, f"body: allowed is JSON that nests at most {depth} levels")
