"""Decisions on a request that the edge has admitted. Pure: no clock, no network, nothing of
LiteLLM."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

from .refused import Refused
from .settings import Guardrail, ModelGroup


_EFFORT_TOKENS: Mapping[str, int] = {"minimal": 1024, "low": 1024, "medium": 2048, "high": 4096}
"""Thinking tokens that LiteLLM sets for a `reasoning_effort`, on models that take a number of them."""


def thinking_tokens(body: Mapping[str, Any], group: ModelGroup) -> int:
    """Output tokens that the request wants to think with, at most."""
    budget: int = (body.get("thinking") or {}).get("budget_tokens", 0)
    return max(budget, _EFFORT_TOKENS.get(body.get("reasoning_effort") or "", 0) if group.thinking_budget else 0)


def bound_tokens(body: Mapping[str, Any], group: ModelGroup) -> int:
    """The request's output tokens within the group's bound. A request that names none gets the
    group's default, beside what it wants to think. Refuses thinking that leaves no token for the
    answer: Bedrock would."""
    wishes = [body[field] for field in ("max_tokens", "max_completion_tokens") if body.get(field) is not None]
    thinking = thinking_tokens(body, group)
    most = min([*wishes, group.max_tokens]) if wishes else min(group.default_max_tokens + thinking, group.max_tokens)
    if thinking >= most:
        field = "thinking.budget_tokens" if (body.get("thinking") or {}).get("budget_tokens") else "reasoning_effort"
        raise Refused(400, f"{field}: thinking takes {thinking} tokens; allowed less than max_tokens, here {most}")
    return int(most)


def check_abilities(body: Mapping[str, Any], group: ModelGroup, name: str) -> None:
    """Refuses what the group's model would not do. LiteLLM would leave it out and answer as if nothing
    had been asked."""
    wanted = (body.get("response_format") or {}).get("type")
    if wanted == "json_schema" and not group.structured_output:
        raise Refused(400, f"response_format: {name} holds no answer to a JSON schema; allowed here text, json_object, or another model")
    choice = body.get("tool_choice")
    if (choice == "required" or isinstance(choice, Mapping)) and not group.forced_tool_use:
        raise Refused(400, f"tool_choice: {name} takes no demand to call a tool; allowed here auto, none, or another model")
    if not group.cache_hour and any(mark.get("ttl") == "1h" for mark in marks(body)):
        raise Refused(400, f"cache_control.ttl: allowed for {name} 5m")


def own_fallbacks(
    group: ModelGroup, groups: Mapping[str, ModelGroup], body: Mapping[str, Any], key_models: Sequence[str], team_models: Sequence[str]
) -> list[str]:
    """The group's fallbacks that the key and its team may use, and that serve this request. LiteLLM's
    configured fallbacks ignore the lists, so none are configured."""
    return [name for name in group.fallbacks if name in key_models and name in team_models and _serves(groups[name], body)]


def _serves(group: ModelGroup, body: Mapping[str, Any]) -> bool:
    try:
        check_abilities(body, group, "")
        bound_tokens(body, group)
    except Refused:
        return False
    return True


def falls_back(status: object, context_window: bool, words: str) -> bool:
    """Whether another model may answer for an attempt that failed: throttling and Bedrock's own failures,
    a prompt longer than the model's window, a model that AWS has retired. A caller's fault is answered:
    a dearer model might take it."""
    if context_window or (isinstance(status, int) and (status == 429 or status >= 500)):
        return True
    return status == 404 and "end of its life" in words


def mark_for_cache(body: Mapping[str, Any]) -> None:
    """Marks the system prompt and the conversation so far for the prompt cache, unless the caller marks
    for themselves: two of the four marks that Bedrock takes, in a request of whatever shape."""
    if any(True for _ in marks(body)):
        return
    messages = body["messages"]
    leading = next((at for at, message in enumerate(messages) if message["role"] not in ("system", "developer")), len(messages))
    for at in {leading - 1, len(messages) - 1} - {-1}:
        _mark(messages[at])


def _mark(message: dict[str, Any]) -> None:
    content = message.get("content")
    if isinstance(content, str):
        message["cache_control"] = {"type": "ephemeral"}
    elif isinstance(content, list) and content and content[-1].get("type") in ("text", "image_url"):
        content[-1]["cache_control"] = {"type": "ephemeral"}


def marks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The caller's own cache marks."""
    for holder in [*body.get("messages", ()), *(body.get("tools") or ())]:
        content = holder.get("content")
        for part in [holder, *(content if isinstance(content, list) else ()), *(holder.get("tool_calls") or ())]:
            mark = part.get("cache_control")
            if mark:
                yield mark


def inference_profile(team_metadata: Mapping[str, Any], model_group: str) -> str:
    """ARN of the department's tagged inference profile for the group. Refuses a group without one:
    every call must be attributed to a department."""
    profiles = team_metadata.get("profiles")
    arn = profiles.get(model_group) if isinstance(profiles, Mapping) else None
    if not isinstance(arn, str) or not arn.startswith("arn:"):
        raise Refused(403, f"this department has no inference profile for {model_group}; ask the infrastructure team")
    return arn


def guardrail_of(guardrails: Mapping[str, Guardrail], team_id: object) -> Guardrail | None:
    """The guardrail of the department's calls. Refuses a call whose department is not known where any
    department has one."""
    if not guardrails:
        return None
    if not isinstance(team_id, str) or not team_id:
        raise Refused(403, "this key belongs to no department; ask the infrastructure team")
    return guardrails.get(team_id, guardrails.get("default"))


def embeds_unguarded(guardrails: Mapping[str, Guardrail], team_id: object) -> None:
    """Refuses embeddings to a department that has a guardrail: LiteLLM sends none with InvokeModel."""
    if guardrail_of(guardrails, team_id) is not None:
        raise Refused(403, "this department has a guardrail, which the gateway cannot apply to embeddings; ask the infrastructure team")


def priority_class(key_metadata: Mapping[str, Any]) -> str:
    """`low`, `normal` or `high` from the key's metadata; anything else counts as `normal`."""
    found = key_metadata.get("priority")
    return found if found in ("low", "normal", "high") else "normal"
