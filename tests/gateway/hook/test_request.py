"""Which requests pass: tables, no server."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from cline_gateway.refused import Refused
from cline_gateway.request import bound_tokens, check_abilities, falls_back, guardrail_of, inference_profile, mark_for_cache, own_fallbacks, priority_class
from cline_gateway.settings import ModelGroup
from conftest import ABLE

GROUP = ModelGroup(default_max_tokens=8192, max_tokens=38_400, max_in_flight=30, fallbacks=("light", "strong"), **ABLE)
UNABLE = replace(GROUP, **{ability: False for ability in ABLE})


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        ({}, 8192),
        ({"max_tokens": None}, 8192),
        ({"max_tokens": 1}, 1),
        ({"max_tokens": 38_400}, 38_400),
        ({"max_tokens": 38_401}, 38_400),
        ({"max_completion_tokens": 100}, 100),
        ({"max_tokens": 200, "max_completion_tokens": 100}, 100),
        ({"max_tokens": 100, "max_completion_tokens": 10**12}, 100),
    ],
)
def test_output_tokens_are_bounded(wishes: dict[str, Any], asked: int) -> None:
    assert bound_tokens(wishes, GROUP) == asked


THINKING = {"type": "enabled", "budget_tokens": 4096}


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        ({"thinking": None}, 8192),
        ({"thinking": {"type": "disabled"}}, 8192),
        ({"thinking": THINKING}, 12_288),
        ({"thinking": THINKING, "max_tokens": 4097}, 4097),
        ({"thinking": {**THINKING, "budget_tokens": 35_000}}, 38_400),
    ],
)
def test_thinking_leaves_tokens_for_the_answer(wishes: dict[str, Any], asked: int) -> None:
    assert bound_tokens(wishes, GROUP) == asked


@pytest.mark.parametrize("wishes", [{"max_tokens": 4096}, {"max_completion_tokens": 100}, {"max_tokens": 50_000, "thinking": {**THINKING, "budget_tokens": 38_400}}])
def test_thinking_beyond_the_answers_tokens_is_refused(wishes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        bound_tokens({"thinking": THINKING, **wishes}, GROUP)
    assert refused.value.status == 400 and "thinking.budget_tokens" in refused.value.message


@pytest.mark.parametrize(
    ("key", "team", "offered"),
    [
        (["light", "strong"], ["light", "strong"], ["light", "strong"]),
        (["strong", "light"], ["strong", "light"], ["light", "strong"]),
        (["light"], ["light", "strong"], ["light"]),
        (["light", "strong"], ["strong"], ["strong"]),
        ([], ["light", "strong"], []),
        (["all-proxy-models"], ["all-proxy-models"], []),
    ],
)
def test_fallbacks_are_those_of_key_and_team_alike(key: list[str], team: list[str], offered: list[str]) -> None:
    assert own_fallbacks(GROUP, {"light": GROUP, "strong": GROUP}, {}, key, team) == offered


ASKS: dict[str, dict[str, Any]] = {
    "response_format": {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}},
    "tool_choice": {"tool_choice": "required"},
    "cache_control.ttl": {"tools": [{"type": "function", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]},
}
ASKS["cache_control.ttl of a call"] = {"messages": [{"role": "assistant", "tool_calls": [{"id": "t", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}]}
ASKS["tool_choice of one"] = {"tool_choice": {"type": "function", "function": {"name": "x"}}}


@pytest.mark.parametrize("what", ASKS)
def test_what_a_model_would_leave_out_is_refused_and_goes_to_no_such_fallback(what: str) -> None:
    body = ASKS[what]
    check_abilities(body, GROUP, "light")
    with pytest.raises(Refused) as refused:
        check_abilities(body, UNABLE, "strong")
    assert refused.value.status == 400 and refused.value.message.startswith(what.split()[0]) and "strong" in refused.value.message
    assert own_fallbacks(GROUP, {"light": GROUP, "strong": UNABLE}, body, ["light", "strong"], ["light", "strong"]) == ["light"]


@pytest.mark.parametrize("body", [{}, {"response_format": {"type": "json_object"}}, {"tool_choice": "auto"}, {"tool_choice": "none"}])
def test_what_every_model_does_is_taken(body: dict[str, Any]) -> None:
    check_abilities(body, UNABLE, "strong")


def test_a_fallback_has_room_to_think() -> None:
    small = replace(GROUP, max_tokens=10_000)
    groups = {"light": small, "strong": GROUP}
    body = {"max_tokens": 38_400, "thinking": {"type": "enabled", "budget_tokens": 20_000}}
    assert own_fallbacks(GROUP, groups, body, ["light", "strong"], ["light", "strong"]) == ["strong"]


@pytest.mark.parametrize(
    ("effort", "most", "asked"), [("none", 100, 100), ("low", 1025, 1025), ("high", 4097, 4097), ("high", None, 12_288), ("minimal", None, 9216)]
)
def test_an_effort_counts_as_what_it_thinks(effort: str, most: int | None, asked: int) -> None:
    assert bound_tokens({"reasoning_effort": effort, "max_tokens": most}, GROUP) == asked


@pytest.mark.parametrize(("effort", "most"), [("minimal", 1024), ("low", 1024), ("medium", 2048), ("high", 4096)])
def test_an_effort_beyond_the_answers_tokens_is_refused_where_thinking_takes_a_number(effort: str, most: int) -> None:
    body = {"reasoning_effort": effort, "max_tokens": most}
    with pytest.raises(Refused) as refused:
        bound_tokens(body, GROUP)
    assert refused.value.status == 400 and refused.value.message.startswith("reasoning_effort")
    assert bound_tokens(body, UNABLE) == most


@pytest.mark.parametrize(
    ("status", "context_window", "words", "other"),
    [
        (429, False, "ThrottlingException", True),
        (500, False, "", True),
        (503, False, "", True),
        (400, True, "Input is too long", True),
        (404, False, "This model version has reached the end of its life.", True),
        (400, False, "ValidationException", False),
        (401, False, "", False),
        (403, False, "AccessDeniedException", False),
        (404, False, "", False),
        (408, False, "", False),
        (424, False, "", False),
        (None, False, "", False),
    ],
)
def test_only_what_another_model_can_mend_falls_back(status: int | None, context_window: bool, words: str, other: bool) -> None:
    assert falls_back(status, context_window, words) is other


def marked(messages: list[dict[str, Any]]) -> list[int]:
    return [
        at
        for at, message in enumerate(messages)
        if "cache_control" in message or (isinstance(message.get("content"), list) and any("cache_control" in part for part in message["content"]))
    ]


SYSTEM, USER, CALLS = {"role": "system", "content": "x"}, {"role": "user", "content": "x"}, {"role": "assistant", "content": None, "tool_calls": []}
PARTS = {"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "x"}}]}


@pytest.mark.parametrize(
    ("messages", "at"),
    [
        ([USER], [0]),
        ([SYSTEM, USER], [0, 1]),
        ([SYSTEM] * 5 + [USER, PARTS], [4, 6]),
        ([{"role": "developer", "content": "x"}, USER, SYSTEM, USER], [0, 3]),
        ([SYSTEM, PARTS, {"role": "tool", "tool_call_id": "x", "content": "x"}], [0, 2]),
        ([SYSTEM, USER, CALLS], [0]),
        ([SYSTEM], [0]),
    ],
)
def test_two_places_are_marked_for_the_cache_at_most(messages: list[dict[str, Any]], at: list[int]) -> None:
    body = {"messages": [copy.deepcopy(message) for message in messages]}
    mark_for_cache(body)
    assert marked(body["messages"]) == at


MARK = {"cache_control": {"type": "ephemeral"}}


@pytest.mark.parametrize(
    "own",
    [
        {"messages": [SYSTEM, {**USER, **MARK}, USER]},
        {"messages": [SYSTEM, {"role": "user", "content": [{"type": "text", "text": "x", **MARK}]}, USER]},
        {"messages": [SYSTEM, USER], "tools": [{"type": "function", "function": {"name": "x"}, **MARK}]},
    ],
)
def test_a_caller_who_marks_gets_no_other_marks(own: dict[str, Any]) -> None:
    body = copy.deepcopy(own)
    mark_for_cache(body)
    assert body == own


def test_the_profile_is_the_departments() -> None:
    assert inference_profile({"profiles": {"strong": "arn:aws:bedrock:x"}}, "strong") == "arn:aws:bedrock:x"


@pytest.mark.parametrize(
    "metadata", [{}, {"profiles": None}, {"profiles": "arn:x"}, {"profiles": {"light": "arn:x"}}, {"profiles": {"strong": ""}}, {"profiles": {"strong": 7}}]
)
def test_without_a_profile_no_call_goes_out(metadata: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        inference_profile(metadata, "strong")
    assert refused.value.status == 403


RAIL = {"guardrailIdentifier": "gr1", "guardrailVersion": "3"}
OTHER_RAIL = {"guardrailIdentifier": "gr2", "guardrailVersion": "1"}


@pytest.mark.parametrize(
    ("guardrails", "team", "found"),
    [
        ({}, "design", None), ({}, None, None), ({"design": RAIL}, "design", RAIL), ({"design": RAIL}, "other", None),
        ({"default": RAIL}, "design", RAIL), ({"default": RAIL, "design": OTHER_RAIL}, "design", OTHER_RAIL),
    ],
)  # fmt: skip
def test_a_departments_guardrail_is_its_own_or_the_default(guardrails: dict[str, Any], team: str | None, found: Any) -> None:
    assert guardrail_of(guardrails, team) == found


@pytest.mark.parametrize("team", [None, "", 7])
def test_no_call_goes_out_past_a_guardrail_for_want_of_a_department(team: Any) -> None:
    with pytest.raises(Refused) as refused:
        guardrail_of({"design": RAIL}, team)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("found", "counts_as"), [("low", "low"), ("normal", "normal"), ("high", "high"), ("HIGH", "normal"), (None, "normal"), (9, "normal"), (["high"], "normal")]
)
def test_the_class_is_the_keys(found: Any, counts_as: str) -> None:
    assert priority_class({"priority": found}) == counts_as
    assert priority_class({}) == "normal"
