"""Bounds on what callers offer as tools: names, and schemas whose references LiteLLM writes out.

LiteLLM keeps one map per process from names that it had to change to the callers' own, and answers
other callers with it. Names that Bedrock takes as they are never enter it. LiteLLM also copies a
definition into each place that refers to it: the copies are counted here before it makes them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Annotated, Any, Mapping, Sequence

from pydantic import AfterValidator

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")

MOST_COPIED = 20_000
"""Values that the references of a request's schemas may add."""

MOST_COPIED_TEXT = 4_000_000
"""Characters that they may add."""

MOST_IN_SCOPE = 1_000_000
"""Names in LiteLLM's tables of definitions: it makes one for each mapping of a schema, of all definitions there."""

_MOST_IN_A_ROW = 32
"""References that lead from one to the next: inside each other's copies."""

_DEEPEST = 200
"""Levels of a schema with its references written out. LiteLLM copies and writes it with a call for each."""


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("allowed are 1 to 64 letters, digits, _ and -, a letter first")
    return name


ToolName = Annotated[str, AfterValidator(_named)]


@dataclass
class Copies:
    """What the references of a request may still add. Each method raises ValueError when that is exceeded."""

    values: int
    text: int
    in_scope: int

    def add(self, definition: Any) -> None:
        waiting = [definition]
        while waiting:
            value = waiting.pop()
            self.values -= 1
            if isinstance(value, str):
                self.text -= len(value)
            elif isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                self.text -= sum(map(len, value))
                waiting.extend(value.values())
            if self.values < 0:
                raise ValueError(f"its references add more than {MOST_COPIED} values; write fewer of them")
            if self.text < 0:
                raise ValueError(f"its references add more than {MOST_COPIED_TEXT} characters; write fewer of them")

    def look(self, definitions: Mapping[str, Any]) -> None:
        self.in_scope -= len(definitions)
        if self.in_scope < 0:
            raise ValueError(f"its definitions times its mappings are more than {MOST_IN_SCOPE}; write fewer of them")


def all_copies() -> Copies:
    """What the references of a whole request may add."""
    return Copies(MOST_COPIED, MOST_COPIED_TEXT, MOST_IN_SCOPE)


def copy_out(schema: Mapping[str, Any], left: Copies) -> Any:
    """The schema as LiteLLM writes it out; what the references add is taken from `left`.

    LiteLLM copies a definition as it stands by then: one inside the schema may have been written out already, and
    those in the root's `$defs`, which it takes out first, are as they were sent. A definition inside itself stays a
    reference. Raises ValueError above a bound, and for references and definitions that are none."""
    taken_out = schema.get("$defs")
    root = {"": _copy({key: value for key, value in schema.items() if key != "$defs"})}
    known: Mapping[str, Any] = taken_out if isinstance(taken_out, dict) else {}
    waiting: deque[tuple[Any, Any, int, Mapping[str, Any], frozenset[str]]] = deque([(root, "", 0, known, frozenset())])
    while waiting:
        holder, key, depth, known, path = waiting.popleft()
        value = holder[key]
        if depth > _DEEPEST:
            raise ValueError(f"its references make it more than {_DEEPEST} levels deep")
        if isinstance(value, list):
            waiting.extend((value, at, depth + 1, known, path) for at in range(len(value)))
        elif isinstance(value, dict) and "$ref" in value:
            name = _referred(value["$ref"])
            definition = known.get(name)
            if definition is None or name in path:
                continue
            if not isinstance(definition, dict):
                raise ValueError("allowed as a definition is a mapping")
            if len(path) == _MOST_IN_A_ROW:
                raise ValueError(f"its references are more than {_MOST_IN_A_ROW} deep")
            left.add(definition)
            holder[key] = _copy(definition)
            waiting.append((holder, key, depth, _known_in(definition, known), path | {name}))
        elif isinstance(value, dict):
            known = _known_in(value, known)
            left.look(known)
            waiting.extend((value, each, depth + 1, known, path) for each in value)
    return root[""]


def _referred(reference: Any) -> str:
    if not isinstance(reference, str):
        raise ValueError("allowed as $ref is a text")
    return reference.rsplit("/", 1)[-1]


def _known_in(value: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definitions known inside a mapping. `properties` may hold a property of these names, whose value is a schema
    like any other."""
    for key in ("$defs", "definitions"):
        own = value.get(key, {})
        if not isinstance(own, dict):
            raise ValueError(f"allowed as {key} is a mapping")
        known = {**known, **own} if own else known
    return known


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose references stay in bounds."""
    copy_out(schema, all_copies())
    return schema


def within(schemas: Sequence[Mapping[str, Any] | None]) -> None:
    """Raises ValueError when the schemas of a request's tools together exceed a bound."""
    left = all_copies()
    for schema in schemas:
        if schema is not None:
            copy_out(schema, left)


ToolSchema = Annotated[dict[str, Any], AfterValidator(bounded)]
