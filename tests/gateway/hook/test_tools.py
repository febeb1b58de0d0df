"""Names and schemas of tools: what LiteLLM would make of them is bounded before it sees them."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest
from litellm.litellm_core_utils.prompt_templates.common_utils import unpack_defs
from litellm.litellm_core_utils.prompt_templates.factory import _bedrock_tools_pt

from cline_gateway import messages, tools
from cline_gateway.refused import Refused
from cline_gateway.shape import accepted

GROUPS = ("light", "standard", "strong")
NAMED = {"type": "object", "properties": {"definitions": {"type": "string"}}}
TREE = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Tree"}}, "$defs": {"Tree": {"properties": {"child": {"$ref": "#/$defs/Tree"}}}}}


def twice(levels: int) -> dict[str, Any]:
    """Each definition names the next in two places."""
    two = lambda name: {"properties": {side: {"$ref": f"#/$defs/{name}"} for side in ("a", "b")}}  # noqa: E731
    return {**two("D0"), "$defs": {f"D{at}": two(f"D{at + 1}") for at in range(levels)} | {f"D{levels}": {"type": "string"}}}


def offered(schema: Any, name: str = "read", count: int = 1) -> dict[str, Any]:
    tool = {"type": "function", "function": {"name": name, "parameters": schema}}
    return {"model": "strong", "messages": [{"role": "user", "content": "hello"}], "tools": [tool] * count}


def refusal(body: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refused:
        accepted(body, GROUPS)
    assert refused.value.status == 400
    return refused.value.message


def mutual(under: str) -> dict[str, Any]:
    """Five definitions, each of which names all five."""
    names = [f"D{at}" for at in range(5)]
    return {under: {name: {"properties": {each: {"$ref": f"#/{under}/{each}"} for each in names}} for name in names}}


def added(schema: dict[str, Any]) -> tuple[int, int]:
    """Values and characters."""
    left = tools.all_copies()
    tools.copy_out(schema, left)
    return tools.MOST_COPIED - left.values, tools.MOST_COPIED_TEXT - left.text


REFERRED = {"properties": {"a": {"$ref": "#/definitions/A"}, "b": {"$ref": "#/definitions/A"}}, "definitions": {"A": {"type": "string"}}}


def test_what_references_add_is_counted() -> None:
    assert added({"type": "object", "description": "x" * 100}) == (0, 0)
    assert added(REFERRED) == (2 * 2, 2 * len("typestring"))
    # What nothing refers to is not copied.
    assert added({"$defs": {f"D{at}": {"description": "x" * 100} for at in range(100)}}) == (0, 0)
    assert added(twice(1))[0] * 2 < added(twice(2))[0] < added(twice(3))[0]
    # Itself inside itself stays a reference.
    assert added(TREE)[0] < 20


def random_schema(random: Random) -> dict[str, Any]:
    """Definitions at any place, that refer to each other; some inside the schema, some shadowed."""
    names = ["A", "B", "C"]

    def made(depth: int) -> Any:
        kind = random.random()
        if kind < 0.35:
            return {"$ref": f"#/$defs/{random.choice(names)}"}
        if depth == 0 or kind < 0.45:
            return {"type": random.choice(["string", "object"])}
        if kind < 0.6:
            return {"anyOf": [made(depth - 1), made(depth - 1)]}
        own = {random.choice(["$defs", "definitions"]): {random.choice(names): made(depth - 1)}} if kind > 0.8 else {}
        return {"properties": {"a": made(depth - 1), "b": made(depth - 1)}, **own}

    where = random.choice(["$defs", "definitions"])
    return {"properties": {"a": made(2), "b": made(2)}, where: {name: made(2) for name in names}}


def test_copies_are_litellms() -> None:
    for seed in range(300):
        schema = random_schema(Random(seed))
        try:
            written = tools.copy_out(schema, tools.all_copies())
        except ValueError as error:
            assert "its references add more than" in str(error)
            continue
        theirs = copy.deepcopy({key: value for key, value in schema.items() if key != "$defs"})
        unpack_defs(theirs, copy.deepcopy(schema.get("$defs", {})))
        assert written == theirs, seed


def test_a_schema_in_bounds_passes_unchanged() -> None:
    for schema in (TREE, twice(3), mutual("$defs"), {**mutual("$defs"), "properties": {"a": {"$ref": "#/$defs/D0"}}}, NAMED):
        assert json.loads(accepted(offered(schema), GROUPS))["tools"][0]["function"]["parameters"] == schema


def test_a_schema_above_a_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MOST_COPIED", 100)
    assert "its references add more than 100 values" in refusal(offered(twice(4)))
    assert "its references add more than" in refusal(offered(twice(2), count=6))
    answer = {"type": "json_schema", "json_schema": {"name": "a", "schema": twice(4)}}
    assert "its references add more than 100 values" in refusal({**offered({}), "response_format": answer})


def test_text_that_references_add_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MOST_COPIED_TEXT", 1_000)
    text = lambda size: {"properties": {at: {"$ref": "#/$defs/A"} for at in "ab"}, "$defs": {"A": {"title": "x" * size}}}  # noqa: E731
    assert "its references add more than 1000 characters" in refusal(offered(text(496)))
    accepted(offered(text(495)), GROUPS)
    # The same text once, and no reference to it.
    accepted(offered({"title": "x" * 2_000}), GROUPS)


def test_tables_of_definitions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MOST_IN_SCOPE", 1_000)
    # The root, its properties, and each of them.
    wide = lambda size: {"properties": {f"p{at}": {} for at in range(18)}, "$defs": {f"D{at}": {} for at in range(size)}}  # noqa: E731
    accepted(offered(wide(50)), GROUPS)
    assert "its definitions times its mappings are more than 1000" in refusal(offered(wide(51)))


def test_a_bound_holds_in_anthropics_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "MOST_COPIED", 100)
    tool = messages.OfferedTool.model_validate({"name": "read", "input_schema": twice(2)})
    assert messages._within([tool]) == [tool]
    with pytest.raises(ValueError, match="its references add more than"):
        messages._within([tool] * 6)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"properties": {"a": {"$ref": 3}}}, "allowed as $ref is a text"),
        ({"properties": {"$ref": {"type": "string"}}}, "allowed as $ref is a text"),
        ({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": "x"}}, "allowed as a definition is a mapping"),
        ({"properties": {"a": {"$defs": None}}}, "allowed as $defs is a mapping"),
        ({"definitions": ["x"]}, "allowed as definitions is a mapping"),
        ({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"definitions": True}}}, "allowed as definitions is a mapping"),
    ],
)
def test_what_is_no_reference_is_refused(schema: dict[str, Any], words: str) -> None:
    assert words in refusal(offered(schema))


def test_a_long_chain_of_references_is_refused() -> None:
    chain = lambda last: {f"D{at}": {"items": {"$ref": f"#/$defs/D{at + 1}"}} for at in range(last)}  # noqa: E731
    assert "its references are more than 32 deep" in refusal(offered({"items": {"$ref": "#/$defs/D0"}, "$defs": chain(33)}))
    accepted(offered({"items": {"$ref": "#/$defs/D0"}, "$defs": chain(32)}), GROUPS)


def test_references_that_make_a_schema_deep_are_refused() -> None:
    def nested(levels: int, inner: Any) -> Any:
        return {"items": nested(levels - 1, inner)} if levels else inner

    deep = lambda levels: {**nested(1, {"$ref": "#/$defs/D0"}), "$defs": {f"D{at}": nested(levels, {"$ref": f"#/$defs/D{at + 1}"}) for at in range(4)}}  # noqa: E731
    accepted(offered(deep(49)), GROUPS)
    assert "its references make it more than 200 levels deep" in refusal(offered(deep(50)))


@pytest.mark.parametrize("name", ["read file", "", "1st", "a.b", "x" * 65, "read\n"])
def test_a_name_that_litellm_would_change_is_refused(name: str) -> None:
    call = {"id": "1", "type": "function", "function": {"name": name, "arguments": "{}"}}
    plain = offered({})
    for body in (
        offered({}, name),
        {**plain, "tool_choice": {"type": "function", "function": {"name": name}}},
        {**plain, "messages": [*plain["messages"], {"role": "assistant", "tool_calls": [call]}]},
    ):
        assert "letters, digits" in refusal(body)


@pytest.mark.parametrize("name", ["read", "mcp__server__read-file", "x" * 64, "Read_2"])
def test_a_name_that_bedrock_takes_passes(name: str) -> None:
    assert json.loads(accepted(offered({}, name), GROUPS))["tools"][0]["function"]["name"] == name


@pytest.mark.parametrize("kind", [messages.OfferedTool, messages.ToolUse, messages.ChosenTool])
def test_names_in_anthropics_shape(kind: Any) -> None:
    common = {"id": "1", "input": {}, "input_schema": {}}
    given = {"type": {"ToolUse": "tool_use", "ChosenTool": "tool"}.get(kind.__name__), "name": "read file"}
    fields = {key: value for key, value in {**common, **given}.items() if key in kind.model_fields}
    with pytest.raises(ValueError, match="letters, digits"):
        kind.model_validate(fields)


def test_a_function_without_parameters_is_litellms() -> None:
    sent = json.loads(accepted(offered(None), GROUPS))["tools"]
    assert sent == [{"type": "function", "function": {"name": "read"}}]
    [block] = _bedrock_tools_pt(sent)
    assert block["toolSpec"]["name"] == "read"


@pytest.mark.parametrize("more", [{}, {"schema": None}])
def test_an_answer_without_its_schema_is_refused(more: dict[str, Any]) -> None:
    answer = {"type": "json_schema", "json_schema": {"name": "a", **more}}
    assert refusal({**offered({}), "response_format": answer}).startswith("response_format.json_schema.schema: ")
