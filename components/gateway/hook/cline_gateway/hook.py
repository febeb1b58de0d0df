"""The callback LiteLLM loads (`litellm_settings.callbacks: cline_gateway.hook.instance`). Glue only: what is decided stands beside it."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any, AsyncGenerator

import redis.asyncio
from fastapi import HTTPException
from litellm.exceptions import RateLimitError
from litellm.integrations.custom_logger import CustomLogger

from .admission import Admission
from .request import Refused, bound_tokens, check_body, inference_profile, own_fallbacks, priority_class
from .settings import Settings, load

_PLACE = "cline_place"
"""Where a request's place in the queue is remembered, in the request's own data."""


def _answer(refused: Refused) -> HTTPException:
    headers = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
    return HTTPException(status_code=refused.status, detail={"error": refused.message}, headers=headers)


class GatewayHook(CustomLogger):
    def __init__(self, settings: Settings, admission: Admission) -> None:
        super().__init__()
        self._settings = settings
        self._admission = admission

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str) -> dict[str, Any]:
        """Checks the caller's own body, bounds its tokens, offers the key's own fallbacks, and waits for a place."""
        try:
            body = (data.get("proxy_server_request") or {}).get("body") or {}
            check_body(body)
            group_name = data.get("model")
            group = self._settings.models.get(group_name) if isinstance(group_name, str) else None
            if group is None or not isinstance(group_name, str):
                raise Refused(400, f"model: allowed {', '.join(sorted(self._settings.models))}")
            team = user_api_key_dict.team_metadata or {}
            inference_profile(team, group_name)
            data["max_tokens"] = bound_tokens(body, group)
            data.pop("max_completion_tokens", None)
            data["fallbacks"] = own_fallbacks(group, user_api_key_dict.models or [], user_api_key_dict.team_models or [])
            place = uuid.uuid4().hex
            await self._admission.enter(place, group_name, priority_class(user_api_key_dict.metadata or {}))
            data.setdefault("metadata", {})[_PLACE] = place
        except Refused as refused:
            raise _answer(refused) from None
        return data

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any]:
        """Every attempt, retries and fallbacks included, goes through its own group's profile, in the gateway's region."""
        metadata = kwargs.get("metadata") or kwargs.get("litellm_metadata") or {}
        try:
            kwargs["model_id"] = inference_profile(metadata.get("user_api_key_team_metadata") or {}, str(metadata.get("model_group")))
        except Refused as refused:
            raise _answer(refused) from None
        kwargs["aws_region_name"] = self._settings.region
        return kwargs

    async def async_post_call_success_hook(self, data: dict[str, Any], user_api_key_dict: Any, response: Any) -> Any:
        await self._leave(data, "served")
        return response

    async def async_post_call_failure_hook(
        self, request_data: dict[str, Any], original_exception: Exception, user_api_key_dict: Any, traceback_str: str | None = None
    ) -> None:
        await self._leave(request_data, "throttled" if isinstance(original_exception, RateLimitError) else None)

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict[str, Any]
    ) -> AsyncGenerator[Any, None]:
        outcome: str | None = None
        try:
            async for chunk in response:
                yield chunk
            outcome = "served"
        except RateLimitError:
            outcome = "throttled"
            raise
        finally:
            # Also when the caller has gone: the generator is then closed.
            await self._leave(request_data, outcome)

    async def _leave(self, data: dict[str, Any], outcome: str | None) -> None:
        place = (data.get("metadata") or {}).get(_PLACE)
        if isinstance(place, str):
            await self._admission.leave(place, outcome)


def _from_environment() -> GatewayHook:
    settings = load(Path(os.environ["CLINE_GATEWAY_SETTINGS"]))
    valkey = redis.asyncio.Redis(
        host=os.environ["REDIS_HOST"],
        port=int(os.environ["REDIS_PORT"]),
        password=os.environ.get("REDIS_PASSWORD"),
        ssl=os.environ.get("REDIS_SSL", "").lower() == "true",
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
    )
    return GatewayHook(settings, Admission(valkey, settings))


instance = _from_environment()
