"""The gateway hook: connects LiteLLM's callbacks to the modules that decide."""

from __future__ import annotations

import asyncio
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from fastapi import HTTPException
from litellm.exceptions import ContextWindowExceededError, RateLimitError
from litellm.integrations.custom_logger import CustomLogger

from .admission import Admission
from .caller import Caller
from .counters import Counters, OwnCounters
from .refused import Refused
from .request import (
    bound_tokens,
    check_abilities,
    embeds_unguarded,
    falls_back,
    guardrail_of,
    inference_profile,
    mark_for_cache,
    own_fallbacks,
    priority_class,
)
from .settings import ModelGroup, Settings, load

_PLACE = "cline_place"
"""Metadata key of a request's place."""

_EMBEDS = "aembedding"
"""LiteLLM's call type of embeddings."""


@dataclass
class _Place:
    """A request's place. `group` changes when a fallback answers."""

    id: str
    group: str
    caller: Caller
    outcome: str | None = "served"
    fault: Exception | None = None
    """What the last attempt failed with, where no other model may answer for it."""


def _answer(refused: Refused) -> HTTPException:
    headers = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
    return HTTPException(status_code=refused.status, detail={"error": refused.message}, headers=headers)


def _caller(key: Any) -> Caller:
    return Caller(priority_class(key.metadata or {}), key.team_id or "", key.user_id or "")


class GatewayHook(CustomLogger):
    """Checks, bounds and queues every request; sends each of its attempts through the department's
    own inference profile."""

    def __init__(self, settings: Settings, admission: Admission) -> None:
        super().__init__()
        self._settings = settings
        self._admission = admission
        self._places: dict[str, _Place] = {}

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str) -> dict[str, Any]:
        """Runs before LiteLLM chooses a deployment: binds the request to the key's department, and
        waits for a place in the model group. The edge has judged the caller's body."""
        try:
            group_name, group = self._group(data.get("model"), call_type == _EMBEDS)
            inference_profile(user_api_key_dict.team_metadata or {}, group_name)
            if group.embeds:
                embeds_unguarded(self._settings.guardrails, user_api_key_dict.team_id)
            else:
                self._bind_chat(data, group_name, group, user_api_key_dict)
            # Spend belongs to the key's owner, whatever `user` a caller sends.
            data["user"] = user_api_key_dict.user_id
            place = _Place(uuid.uuid4().hex, group_name, _caller(user_api_key_dict))
            await self._admission.enter(place.id, place.group, place.caller)
        except Refused as refused:
            raise _answer(refused) from None
        self._hold(place)
        data.setdefault("metadata", {})[_PLACE] = place.id
        return data

    def _group(self, name: object, embeds: bool) -> tuple[str, ModelGroup]:
        """The model group of a request, of the kind that its route is for."""
        group = self._settings.models.get(name) if isinstance(name, str) else None
        if group is None or not isinstance(name, str) or group.embeds != embeds:
            allowed = sorted(each for each, found in self._settings.models.items() if found.embeds == embeds)
            raise Refused(400, f"model: allowed {', '.join(allowed)}")
        return name, group

    def _bind_chat(self, data: dict[str, Any], group_name: str, group: ModelGroup, key: Any) -> None:
        """Bounds a conversation's tokens and sets its fallbacks and cache marks."""
        check_abilities(data, group, group_name)
        tokens = bound_tokens(data, group)
        data["fallbacks"] = own_fallbacks(group, self._settings.models, data, key.models or [], key.team_models or [])
        data["max_tokens"] = tokens
        data.pop("max_completion_tokens", None)
        mark_for_cache(data)

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any]:
        """Runs before every attempt, retries and fallbacks included: sets the group's own profile, the
        gateway's region, the department's guardrail, and a place in that group."""
        metadata = kwargs.get("metadata") or {}
        group = str(metadata.get("model_group"))
        place = self._places.get(str(metadata.get(_PLACE)))
        if place is not None and place.fault is not None and place.group != group:
            # LiteLLM falls back on every error; a caller's fault goes to no other model.
            raise place.fault
        try:
            kwargs["model_id"] = inference_profile(metadata.get("user_api_key_team_metadata") or {}, group)
            guardrail = guardrail_of(self._settings.guardrails, metadata.get("user_api_key_team_id"))
            if self._settings.models[group].embeds:
                embeds_unguarded(self._settings.guardrails, metadata.get("user_api_key_team_id"))
            else:
                kwargs["max_tokens"] = min(kwargs["max_tokens"], self._settings.models[group].max_tokens)
            await self._move(place, group)
        except Refused as refused:
            raise _answer(refused) from None
        kwargs["aws_region_name"] = self._settings.region
        kwargs.pop("guardrailConfig", None)
        if guardrail is not None:
            kwargs["guardrailConfig"] = dict(guardrail)
        return kwargs

    async def async_post_call_failure_deployment_hook(
        self, request_data: Mapping[str, Any], exception: Exception, call_type: Any, fallback_depth: int | None = None
    ) -> None:
        """Runs after every failed attempt, before LiteLLM looks for a fallback."""
        place = self._places.get(str((request_data.get("metadata") or {}).get(_PLACE)))
        if place is not None:
            status = getattr(exception, "status_code", None)
            other = falls_back(status, isinstance(exception, ContextWindowExceededError), str(exception))
            place.fault = None if other else exception

    async def async_post_call_success_hook(self, data: dict[str, Any], user_api_key_dict: Any, response: Any) -> Any:
        """Runs before an unstreamed answer leaves: it names the group that answered. After a fallback
        LiteLLM would name the model; streams it names itself."""
        place = self._places.get(str((data.get("metadata") or {}).get(_PLACE)))
        if place is not None and hasattr(response, "model"):
            response.model = place.group
        return response

    async def async_log_failure_event(self, kwargs: dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Runs after every failed attempt, also one that a retry or a fallback recovers: Bedrock's
        throttling lowers the group's limit."""
        if isinstance(kwargs.get("exception"), RateLimitError):
            metadata = (kwargs.get("litellm_params") or {}).get("metadata") or {}
            place = self._places.get(str(metadata.get(_PLACE)))
            if place is not None:
                place.outcome = None
                # Passes the request's id: a retry of the same request is no second overload.
                self._admission.throttled(str(metadata.get("model_group")), place.id)

    def _hold(self, place: _Place) -> None:
        """Returns the place when the request's task ends, however it ends: answered, streamed to
        the
        end, failed, or cancelled by its caller."""
        self._places[place.id] = place
        task = asyncio.current_task()
        assert task is not None
        task.add_done_callback(lambda _: self._release(place))

    def _release(self, place: _Place) -> None:
        self._places.pop(place.id, None)
        self._admission.release(place.id, place.outcome)

    async def _move(self, place: _Place | None, group: str) -> None:
        if place is None or place.group == group:
            return
        self._admission.release(place.id, None)
        place.group = group
        await self._admission.enter(place.id, group, place.caller)


def _spend_counters() -> Counters:
    # Imported late: LiteLLM loads this file before it has loaded itself.
    from litellm.proxy.proxy_server import spend_counter_cache

    counters: Counters = spend_counter_cache
    return counters


def _from_environment() -> GatewayHook:
    settings = load(Path(os.environ["CLINE_GATEWAY_SETTINGS"]))
    valkey = redis.asyncio.Redis(
        host=os.environ["REDIS_HOST"],
        port=int(os.environ["REDIS_PORT"]),
        password=os.environ.get("REDIS_PASSWORD"),
        ssl=os.environ.get("REDIS_SSL", "").lower() == "true",
        # Admission bounds each call by the loop's own time (patience.py); the client's clock runs on
        # while the loop is busy.
        socket_timeout=None,
        socket_connect_timeout=None,
        # One immediate retry, for a connection that has been cut meanwhile; the client's default is
        # several retries with backoff.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    admission = Admission(valkey, settings)
    counters = OwnCounters(_spend_counters)
    admission.on_outage(counters.begin, counters.end)
    return GatewayHook(settings, admission)


instance = _from_environment()
