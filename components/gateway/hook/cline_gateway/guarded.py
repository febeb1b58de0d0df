"""A guardrail judges the whole conversation.

LiteLLM marks the last user messages for it. Bedrock then judges these alone, and nothing that a caller
puts before them. The marks also displace those of the prompt cache."""

from __future__ import annotations

from typing import Any

from litellm.llms.bedrock.chat.converse_transformation import AmazonConverseConfig

_MARKS = "_convert_consecutive_user_messages_to_guarded_text"


def judge_everything() -> None:
    """From now on LiteLLM marks nothing, and Bedrock judges every message. Raises AttributeError where a
    version marks elsewhere."""
    getattr(AmazonConverseConfig, _MARKS)

    def unmarked(messages: list[Any], optional_params: dict[str, Any]) -> list[Any]:
        return messages

    setattr(AmazonConverseConfig, _MARKS, staticmethod(unmarked))
