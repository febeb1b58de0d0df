"""The gateway hook: connects LiteLLM's callbacks to the modules that decide."""

from __future__ import annotations

import asyncio
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from fastapi import HTTPException
from litellm.exceptions import RateLimitError
from litellm.integrations.custom_logger import CustomLogger

from .admission import Admission
from .counters import Counters, OwnCounters
from .request import Refused, bound_tokens, check_body, check_call, inference_profile, own_fallbacks, priority_class
from .settings import Settings, load

_PLACE = "cline_place"
"""Metadata key of a request's place."""


@dataclass
class _Place:
    """A request's place. `group` changes when a fallback answers."""

    id: str
    group: str
    priority: str
    outcome: str | None = "served"


def _answer(refused: Refused) -> HTTPException:
    headers = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
    return HTTPException(status_code=refused.status, detail={"error": refused.message}, headers=headers)


class GatewayHook(CustomLogger):
    """Checks, bounds and queues every request; sends each of its attempts through the department's
    own inference profile."""

    def __init__(self, settings: Settings, admission: Admission) -> None:
        super().__init__()
        self._settings = settings
        self._admission = admission
        self._places: dict[str, _Place] = {}

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str) -> dict[str, Any]:
        """Runs before LiteLLM chooses a deployment: checks the caller's fields, and waits for a
        place in the model group."""
        try:
            request = data.get("proxy_server_request") or {}
            check_call(str(request.get("url")), request.get("headers") or {})
            check_body(data)
            group_name = data.get("model")
            group = self._settings.models.get(group_name) if isinstance(group_name, str) else None
            if group is None or not isinstance(group_name, str):
                raise Refused(400, f"model: allowed {', '.join(sorted(self._settings.models))}")
            inference_profile(user_api_key_dict.team_metadata or {}, group_name)
            data["max_tokens"] = bound_tokens(data, group)
            data.pop("max_completion_tokens", None)
            data["fallbacks"] = own_fallbacks(group, user_api_key_dict.models or [], user_api_key_dict.team_models or [])
            # Spend belongs to the key's owner, whatever `user` a caller sends.
            data["user"] = user_api_key_dict.user_id
            place = _Place(uuid.uuid4().hex, group_name, priority_class(user_api_key_dict.metadata or {}))
            await self._admission.enter(place.id, place.group, place.priority)
        except Refused as refused:
            raise _answer(refused) from None
        self._hold(place)
        data.setdefault("metadata", {})[_PLACE] = place.id
        return data

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any]:
        """Runs before every attempt, retries and fallbacks included: sets the group's own profile,
        the gateway's region, and a place in that group."""
        metadata = kwargs.get("metadata") or {}
        group = str(metadata.get("model_group"))
        try:
            kwargs["model_id"] = inference_profile(metadata.get("user_api_key_team_metadata") or {}, group)
            await self._move(self._places.get(str(metadata.get(_PLACE))), group)
        except Refused as refused:
            raise _answer(refused) from None
        kwargs["aws_region_name"] = self._settings.region
        return kwargs

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
        await self._admission.enter(place.id, group, place.priority)


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
        socket_timeout=2.0,
        socket_connect_timeout=1.0,
        # One immediate retry, for a connection that has been cut meanwhile; the client's default is
        # several retries with backoff.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )
    admission = Admission(valkey, settings)
    counters = OwnCounters(_spend_counters)
    admission.on_outage(counters.begin, counters.end)
    return GatewayHook(settings, admission)


instance = _from_environment()
