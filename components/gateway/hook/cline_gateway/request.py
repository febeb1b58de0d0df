"""Validation of requests. Pure: no clock, no network, nothing of LiteLLM."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

from .settings import ModelGroup

ALLOWED_FIELDS = frozenset(
    {
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "stop",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "reasoning_effort",
        "thinking",
        "seed",
        "n",
        "litellm_session_id",
    }
)
"""Allowed fields of a caller's body. Everything else is refused, because LiteLLM merges unknown
fields into the call. `model_id` would replace the inference profile, `aws_region_name` the region,
`api_base` the endpoint, `aws_role_name` the credentials. `fallbacks` and `metadata` nest all of
these; `user` would book the spend on another user."""

_LITELLMS_OWN = frozenset({"litellm_call_id", "litellm_logging_obj", "litellm_trace_id", "metadata", "proxy_server_request", "secret_fields"})
"""Fields that LiteLLM has added to the caller's by the time the hook runs (1.106.2)."""

_LITELLMS_OWN_METADATA = frozenset({"trace_id", "session_id", "headers", "used_client_oauth_token"})
"""`requester_metadata` of a caller that sent no metadata."""

ALLOWED_PARTS = frozenset({"text", "image_url", "thinking", "redacted_thinking", "refusal"})
"""Allowed parts of a message's content. Files, audio and videos are refused: they are read by id,
or by a URL that the gateway would fetch."""

_STEERING_HEADERS = ("x-litellm-", "litellm-", "anthropic-", "openai-", "x-amz", "baggage", "langfuse_", "x-pass-")
"""Headers that control LiteLLM: time-outs, retries, tags, callbacks switched off, fields of the
provider, names in traces."""

_SESSION = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class Refused(Exception):
    """A refused request. `status` is the HTTP status, `message` the caller's error text; neither
    holds a value of the request."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


def check_call(url: str, headers: Mapping[str, Any]) -> None:
    """Refuses input outside the body that controls LiteLLM: a query, and its own headers."""
    if "?" in url:
        raise Refused(400, "the address: found a query; allowed none")
    steering = sorted(name.lower()[:64] for name in headers if name.lower().startswith(_STEERING_HEADERS))
    if steering:
        raise Refused(400, f"headers not allowed here: {', '.join(steering)}")


def check_body(data: Mapping[str, Any]) -> None:
    """Refuses a request with any field outside the allow-list, naming all of them, and content that
    would be fetched from elsewhere.

    `data` is the request inside LiteLLM: the caller's fields, and LiteLLM's own beside them."""
    foreign = sorted(str(field)[:64] for field in data if field not in ALLOWED_FIELDS and field not in _LITELLMS_OWN)
    requester_metadata = (data.get("metadata") or {}).get("requester_metadata") or {}
    foreign += sorted(f"metadata.{field}"[:64] for field in requester_metadata if field not in _LITELLMS_OWN_METADATA)
    if foreign:
        raise Refused(400, f"fields not allowed here: {', '.join(foreign)}; allowed: {', '.join(sorted(ALLOWED_FIELDS))}")
    if data.get("n") not in (None, 1):
        raise Refused(400, "n: found more than one answer; allowed 1")
    session = data.get("litellm_session_id")
    if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
        raise Refused(400, "litellm_session_id: allowed are up to 128 letters, digits and . _ : -")
    _check_tools(data.get("tools"))
    _check_messages(data.get("messages"))


def _check_tools(tools: Any) -> None:
    """Functions only: LiteLLM and providers run other tools themselves, and some tools name a
    server to call."""
    if tools is None:
        return
    if not isinstance(tools, list) or any(not isinstance(tool, dict) or tool.get("type") != "function" for tool in tools):
        raise Refused(400, "tools: allowed is a list of tools of type function")


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise Refused(400, "messages: allowed is a list of messages")
    for at, message in enumerate(messages):
        content = message.get("content")
        if content is None or isinstance(content, str):
            continue
        if not isinstance(content, list):
            raise Refused(400, f"messages[{at}].content: allowed is text or a list of parts")
        for nth, part in enumerate(content):
            fault = _part_fault(part)
            if fault:
                raise Refused(400, f"messages[{at}].content[{nth}]{fault}")


def _part_fault(part: Any) -> str | None:
    if not isinstance(part, dict) or part.get("type") not in ALLOWED_PARTS:
        return f".type: allowed {', '.join(sorted(ALLOWED_PARTS))}"
    if part["type"] != "image_url":
        return None
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else image
    # The gateway would fetch any other address, from inside its network.
    return None if isinstance(url, str) and url.startswith("data:image/") else ".image_url: allowed is a data:image/ address"


def bound_tokens(body: Mapping[str, Any], group: ModelGroup) -> int:
    """The request's output tokens: the caller's value within the group's bound, or the group's
    default. Refuses a value that is no positive number."""
    wishes: list[int] = []
    for field in ("max_tokens", "max_completion_tokens"):
        wish = body.get(field)
        if wish is None:
            continue
        if isinstance(wish, bool) or not isinstance(wish, int) or wish < 1:
            raise Refused(400, f"{field}: found no positive whole number")
        wishes.append(wish)
    return min([*wishes, group.max_tokens]) if wishes else group.default_max_tokens


def own_fallbacks(group: ModelGroup, key_models: Sequence[str], team_models: Sequence[str]) -> list[str]:
    """The group's fallbacks that the key and its team may use. LiteLLM's configured fallbacks
    ignore both lists, so none are configured."""
    return [model for model in group.fallbacks if model in key_models and model in team_models]


def inference_profile(team_metadata: Mapping[str, Any], model_group: str) -> str:
    """ARN of the department's tagged inference profile for the group. Refuses a group without one:
    every call must be attributed to a department."""
    profiles = team_metadata.get("profiles")
    arn = profiles.get(model_group) if isinstance(profiles, Mapping) else None
    if not isinstance(arn, str) or not arn.startswith("arn:"):
        raise Refused(403, f"this department has no inference profile for {model_group}; ask the infrastructure team")
    return arn


def priority_class(key_metadata: Mapping[str, Any]) -> str:
    """`low`, `normal` or `high` from the key's metadata; anything else counts as `normal`."""
    found = key_metadata.get("priority")
    return found if found in ("low", "normal", "high") else "normal"
