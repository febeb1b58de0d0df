"""The hook's settings: one JSON file beside LiteLLM's configuration, which the program writes from
the model catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Mapping

from .routes import EMBEDDINGS_PATH, Routes, routes_of


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
    structured_output: bool
    """Whether its model's answer can be held to a JSON schema."""
    forced_tool_use: bool
    """Whether its model takes a demand to call a tool."""
    thinking_budget: bool
    """Whether its model takes a number of thinking tokens, which must leave room for the answer."""
    cache_hour: bool
    """Whether its model has cache entries that live an hour, and a price for them."""
    embeds: bool = False
    """Whether its model makes vectors, and nothing of the above holds."""


Guardrail = Mapping[str, str]
"""`guardrailConfig` of Bedrock's Converse: `guardrailIdentifier` and `guardrailVersion`."""

_GUARDRAIL_FIELDS = {"guardrailIdentifier", "guardrailVersion"}


@dataclass(frozen=True)
class EmbeddingLimits:
    """Limits of a request for embeddings."""

    models: frozenset[str]
    """Model groups that make vectors."""
    bytes: int
    """Maximum bytes of a body."""
    inputs: int
    """Maximum texts of a request."""
    characters: int
    """Maximum characters of a text."""
    dimensions: tuple[int, ...]
    """Lengths of a vector that the model makes."""


@dataclass(frozen=True)
class EdgeSettings:
    """Limits of a developer's request before LiteLLM sees it."""

    routes: Routes
    models: Mapping[str, Mapping[str, Any]]
    """What `/v1/model/info` tells of a model group."""
    bytes: int
    """Maximum bytes of a body."""
    large_bytes: int
    """Above so many bytes of a body the process for large requests serves it."""
    bytes_received: int
    """Maximum bytes of bodies that arrive at a time in one worker, over all callers."""
    depth: int
    """Maximum nesting of its JSON."""
    nodes: int
    """Maximum objects, lists and scalars of its JSON."""
    send_seconds: float
    """Maximum time for a body to arrive."""
    per_key: int
    """Maximum requests of a key in flight in one worker."""
    embeddings: EmbeddingLimits | None = None
    """None: the gateway opens no embeddings."""

    @property
    def chat_models(self) -> frozenset[str]:
        """Model groups that answer a conversation."""
        return frozenset(self.models) - (frozenset() if self.embeddings is None else self.embeddings.models)


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
    guardrails: Mapping[str, Guardrail]
    """Guardrails by department; `default` serves every department not named."""
    edge: EdgeSettings


def load(path: Path) -> Settings:
    """Reads the settings. Raises KeyError, TypeError or ValueError on an incomplete file: LiteLLM
    then does not start."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    models = {name: _group(group) for name, group in raw["models"].items()}
    return Settings(
        region=str(raw["region"]),
        models=MappingProxyType(models),
        max_wait_seconds=float(raw["maxWaitSeconds"]),
        max_request_seconds=float(raw["maxRequestSeconds"]),
        grace_seconds=float(raw["graceSeconds"]),
        guardrails=MappingProxyType({str(department): _guardrail(each) for department, each in raw["guardrails"].items()}),
        edge=_edge(raw["edge"], raw["models"]),
    )


def _group(raw: Mapping[str, Any]) -> ModelGroup:
    if "embeds" in raw and _flag(raw, "embeds"):
        return ModelGroup(0, 0, int(raw["maxInFlight"]), (), False, False, False, False, embeds=True)
    return ModelGroup(
        default_max_tokens=int(raw["defaultMaxTokens"]),
        max_tokens=int(raw["maxTokens"]),
        max_in_flight=int(raw["maxInFlight"]),
        fallbacks=tuple(str(fallback) for fallback in raw["fallbacks"]),
        structured_output=_flag(raw, "structuredOutput"),
        forced_tool_use=_flag(raw, "forcedToolUse"),
        thinking_budget=_flag(raw, "thinkingBudget"),
        cache_hour=_flag(raw, "cacheHour"),
    )


def _flag(group: Mapping[str, Any], name: str) -> bool:
    value = group[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name}: found {value!r}; allowed true, false")
    return value


def _guardrail(raw: Mapping[str, Any]) -> Guardrail:
    if set(raw) != _GUARDRAIL_FIELDS or not all(isinstance(value, str) and value for value in raw.values()):
        raise ValueError(f"guardrails: found {sorted(raw)}; allowed {sorted(_GUARDRAIL_FIELDS)}")
    return MappingProxyType(dict(raw))


def _edge(raw: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]) -> EdgeSettings:
    return EdgeSettings(
        routes=routes_of(raw["routes"]),
        models=MappingProxyType({name: group["info"] for name, group in models.items()}),
        bytes=int(raw["bytes"]),
        large_bytes=int(raw["largeBytes"]),
        bytes_received=int(raw["bytesReceived"]),
        depth=int(raw["depth"]),
        nodes=int(raw["nodes"]),
        send_seconds=float(raw["sendSeconds"]),
        per_key=int(raw["perKey"]),
        embeddings=_embeddings(raw, models),
    )


def _embeddings(raw: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]) -> EmbeddingLimits | None:
    if all(route["path"] != EMBEDDINGS_PATH for route in raw["routes"]):
        return None
    limits = raw["embeddings"]
    return EmbeddingLimits(
        models=frozenset(name for name, group in models.items() if group.get("embeds") is True),
        bytes=int(limits["bytes"]),
        inputs=int(limits["inputs"]),
        characters=int(limits["characters"]),
        dimensions=tuple(int(each) for each in limits["dimensions"]),
    )
