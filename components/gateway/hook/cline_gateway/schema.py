"""What the schemas of request bodies have in common: kinds of fields, and the words of their faults."""

from __future__ import annotations

from typing import Annotated, Any, Collection, Literal, Mapping, Optional, Sequence, TypeVar, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from .refused import Refused

_TAG = "@"
"""Begins the tags of unions, so that none can be taken for a field in an error's path."""

_MOST_FAULTS = 20


class Open(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def by(field: str) -> Discriminator:
    """Selects a union's member by the value of a field."""

    def tag(value: Any) -> str:
        found = value.get(field) if isinstance(value, Mapping) else getattr(value, field, None)
        return f"{_TAG}{found}" if isinstance(found, str) else _TAG

    return Discriminator(tag)


STRING_OR_MORE = Discriminator(lambda value: f"{_TAG}string" if isinstance(value, str) else f"{_TAG}more")


class CacheControl(Closed):
    """A prompt cache mark: an entry for five minutes, or for an hour where the model has those."""

    type: Literal["ephemeral"]
    ttl: Optional[Literal["5m", "1h"]] = None


class Cacheable(Open):
    cache_control: Optional[CacheControl] = None


class TextPart(Cacheable):
    type: Literal["text"]
    text: str


class ThinkingOff(Closed):
    type: Literal["disabled"]


class ThinkingAdaptive(Closed):
    type: Literal["adaptive"]


class ThinkingOn(Closed):
    """`budget_tokens` counts thinking tokens; Bedrock takes no fewer than 1,024."""

    type: Literal["enabled"]
    budget_tokens: Annotated[int, Field(ge=1024, le=2**31 - 1)]


Thinking = Annotated[
    Union[
        Annotated[ThinkingOff, Tag("@disabled")],
        Annotated[ThinkingAdaptive, Tag("@adaptive")],
        Annotated[ThinkingOn, Tag("@enabled")],
    ],
    by("type"),
]

Words = Annotated[str, Tag("@string")]

Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]


def only(*allowed: object) -> AfterValidator:
    """A default that clients send along: any other value would have no effect here."""

    def check(value: object) -> object:
        if value not in allowed:
            raise ValueError(f"allowed {', '.join(str(one).lower() for one in allowed)}")
        return value

    return AfterValidator(check)


class Body(Closed):
    """A request's body: its top-level fields are refused by name."""

    model: Annotated[str, Field(min_length=1, max_length=64)]


B = TypeVar("B", bound=Body)


def checked(schema: type[B], body: Any, models: Collection[str]) -> B:
    """The body by its schema.

    `body` is the parsed body as received, `models` are the groups there are: LiteLLM would log and book
    any other text as a model's name. Raises `Refused` (400) with every fault's place, and
    without any value of the caller."""
    if not isinstance(body, dict):
        raise Refused(400, "body: allowed is a JSON object")
    try:
        # Clients write absent fields as null; LiteLLM receives none of them.
        found = schema.model_validate({field: value for field, value in body.items() if value is not None})
    except ValidationError as error:
        raise Refused(400, _words(error, schema)) from None
    if found.model not in models:
        raise Refused(400, f"model: allowed {', '.join(sorted(models))}")
    return found


def _words(error: ValidationError, schema: type[Body]) -> str:
    faults = error.errors(include_url=False, include_context=True, include_input=False)
    unknown = sorted(str(fault["loc"][0])[:64] for fault in faults if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1)
    names = ", ".join(unknown[:_MOST_FAULTS]) + (f" and {len(unknown) - _MOST_FAULTS} more" if len(unknown) > _MOST_FAULTS else "")
    lines = [f"fields not allowed here: {names}; allowed: {', '.join(sorted(schema.model_fields))}"] if unknown else []
    lines += [_fault(fault) for fault in faults if fault["type"] != "extra_forbidden" or len(fault["loc"]) > 1]
    more = len(lines) - _MOST_FAULTS
    return "\n".join(lines[:_MOST_FAULTS] + ([f"and {more} more"] if more > 0 else []))


def _fault(fault: Mapping[str, Any]) -> str:
    place, context = _place(fault["loc"]), fault.get("ctx", {})
    if fault["type"].startswith("union_tag"):
        allowed = str(context["expected_tags"]).replace(_TAG, "").replace("'", "")
        return f"{place}.{'role' if 'assistant' in allowed else 'type'}: allowed {allowed}"
    if fault["type"] == "value_error":
        return f"{place}: {context['error']}"
    return f"{place}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _place(location: Sequence[int | str]) -> str:
    """A fault's path in the body; the tags of unions are left out."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith(_TAG):
            path += f".{step[:64]}" if path else step[:64]
    return path
