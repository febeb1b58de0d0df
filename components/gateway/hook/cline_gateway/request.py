"""Which requests pass. Pure: no clock, no network, nothing of LiteLLM."""

from __future__ import annotations

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
        "user",
    }
)
"""What a caller's body may hold. Everything else is refused, because LiteLLM merges unknown fields into the call: `model_id` would
replace the inference profile, `aws_region_name` the region, `api_base` the endpoint, `aws_role_name` the credentials, `fallbacks` and
`metadata` carry all of these nested."""


class Refused(Exception):
    """A request that does not pass. `status` is the HTTP status, `message` what the caller reads; neither holds a value of the request."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


def check_body(body: Mapping[str, Any]) -> None:
    """Refuses a body with any field outside the allow-list, naming all of them."""
    foreign = sorted(str(field)[:64] for field in body if field not in ALLOWED_FIELDS)
    if foreign:
        raise Refused(400, f"fields not allowed here: {', '.join(foreign)}; allowed: {', '.join(sorted(ALLOWED_FIELDS))}")
    if body.get("n") not in (None, 1):
        raise Refused(400, "n: found more than one answer; allowed 1")


def bound_tokens(body: Mapping[str, Any], group: ModelGroup) -> int:
    """The output tokens to ask for: the caller's wish within the group's bound, or the group's default. Refuses what is no positive number."""
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
    """The group's fallbacks that the key and its team may use. LiteLLM's configured fallbacks ignore both lists, so none are configured."""
    return [model for model in group.fallbacks if model in key_models and model in team_models]


def inference_profile(team_metadata: Mapping[str, Any], model_group: str) -> str:
    """ARN of the department's tagged inference profile for the group. Refuses where there is none: no call goes out unattributed."""
    profiles = team_metadata.get("profiles")
    arn = profiles.get(model_group) if isinstance(profiles, Mapping) else None
    if not isinstance(arn, str) or not arn.startswith("arn:"):
        raise Refused(403, f"this department has no inference profile for {model_group}; ask the infrastructure team")
    return arn


def priority_class(key_metadata: Mapping[str, Any]) -> str:
    """`low`, `normal` or `high` from the key's metadata; anything else counts as `normal`."""
    found = key_metadata.get("priority")
    return found if found in ("low", "normal", "high") else "normal"
