"""The hook's settings: one JSON file beside LiteLLM's configuration, which the program writes from
the model catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Mapping


@dataclass(frozen=True)
class ModelGroup:
    """One model group (`light`, `standard`, `strong`) as the gateway offers it."""

    default_max_tokens: int
    """Output tokens when the caller sets none; LiteLLM would reserve 16,384 tokens' cost."""
    max_tokens: int
    """Maximum output tokens of a request; Bedrock reserves them from the quota up front."""
    max_in_flight: int
    """Maximum requests in flight over all tasks and workers, from the account's quota."""
    fallbacks: tuple[str, ...]
    """Fallback groups of this one, in order; offered only where the key's own list has them."""


@dataclass(frozen=True)
class Settings:
    region: str
    """Region of the requests' signatures."""
    models: Mapping[str, ModelGroup]
    max_wait_seconds: float
    """Maximum queue time of a request before it is answered 429."""
    max_request_seconds: float
    """Maximum run time of a request: an older lease is void."""
    grace_seconds: float
    """Grace time: how long requests pass unqueued during a Valkey outage, before the hook refuses
    them with 503."""


def load(path: Path) -> Settings:
    """Reads the settings. Raises KeyError, TypeError or ValueError on an incomplete file: LiteLLM
    then does not start."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    models = {
        name: ModelGroup(
            default_max_tokens=int(group["defaultMaxTokens"]),
            max_tokens=int(group["maxTokens"]),
            max_in_flight=int(group["maxInFlight"]),
            fallbacks=tuple(str(fallback) for fallback in group["fallbacks"]),
        )
        for name, group in raw["models"].items()
    }
    return Settings(
        region=str(raw["region"]),
        models=MappingProxyType(models),
        max_wait_seconds=float(raw["maxWaitSeconds"]),
        max_request_seconds=float(raw["maxRequestSeconds"]),
        grace_seconds=float(raw["graceSeconds"]),
    )
