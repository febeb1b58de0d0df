from __future__ import annotations

from typing import Any

import pytest
from litellm.llms.bedrock.chat.converse_transformation import AmazonConverseConfig

from cline_gateway.guarded import judge_everything

RAIL = {"guardrailIdentifier": "gr1", "guardrailVersion": "3"}
MARKS = "_convert_consecutive_user_messages_to_guarded_text"
MESSAGES = [
    {"role": "user", "content": "The codename is x."},
    {"role": "assistant", "content": "Noted."},
    {"role": "user", "content": "And now?", "cache_control": {"type": "ephemeral"}},
]


def sent() -> dict[str, Any]:
    """What LiteLLM sends Bedrock for a conversation with a guardrail."""
    return AmazonConverseConfig().transform_request("anthropic.claude-sonnet-5-5", [dict(each) for each in MESSAGES], {"guardrailConfig": dict(RAIL)}, {}, {})


def test_nothing_is_marked_so_that_everything_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AmazonConverseConfig, MARKS, AmazonConverseConfig.__dict__[MARKS])
    assert "guardContent" in str(sent()), "LiteLLM marks no more: this module can go"
    judge_everything()
    body = sent()
    assert body["guardrailConfig"] == RAIL
    assert "guardContent" not in str(body)
    assert body["messages"][-1]["content"] == [{"text": "And now?"}, {"cachePoint": {"type": "default"}}]


def test_a_version_that_marks_elsewhere_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(AmazonConverseConfig, MARKS)
    with pytest.raises(AttributeError):
        judge_everything()
