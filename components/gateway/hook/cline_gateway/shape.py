"""The body of a chat request as a typed schema. LiteLLM receives the validated fields only.

A top-level field outside the schema is refused by name, because LiteLLM merges unknown fields into
the call: `model_id` would replace the inference profile, `aws_region_name` the region, `api_base`
the endpoint, `aws_role_name` the credentials; `fallbacks` and `metadata` nest all of these, and
`user` would book the spend on another user. Unknown fields of a message or a part are left out:
clients send back what other providers once answered."""

from __future__ import annotations

import re
from typing import Annotated, Any, Collection, Literal, Optional, Union

from pydantic import AfterValidator, Field, Tag, model_validator

from .schema import STRING_OR_MORE, Body, Cacheable, Closed, Open, Positive, TextPart, Thinking, Words, by, checked, only
from .tools import ToolName, ToolSchema, within

_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")


def _inline(url: str) -> str:
    # The gateway would fetch any other address, from inside its network. Bedrock takes these four.
    if not _IMAGE.fullmatch(url):
        raise ValueError("allowed is a data:image/ address of png, jpeg, gif or webp in base64")
    return url


class ImageUrl(Open):
    url: Annotated[str, AfterValidator(_inline)]
    detail: Optional[Literal["auto", "low", "high"]] = None


class ImagePart(Cacheable):
    type: Literal["image_url"]
    image_url: Annotated[
        Union[Annotated[str, AfterValidator(_inline), Tag("@string")], Annotated[ImageUrl, Tag("@more")]],
        STRING_OR_MORE,
    ]


class ThinkingPart(Cacheable):
    type: Literal["thinking"]
    thinking: str
    signature: Optional[str] = None


class RedactedThinkingPart(Cacheable):
    type: Literal["redacted_thinking"]
    data: str


class RefusalPart(Open):
    type: Literal["refusal"]
    refusal: str


_Text = Annotated[TextPart, Tag("@text")]
_Image = Annotated[ImagePart, Tag("@image_url")]
_Thinking = Annotated[ThinkingPart, Tag("@thinking")]
_Redacted = Annotated[RedactedThinkingPart, Tag("@redacted_thinking")]
_Refusal = Annotated[RefusalPart, Tag("@refusal")]

_UserPart = Annotated[Union[_Text, _Image], by("type")]
_AssistantPart = Annotated[Union[_Text, _Thinking, _Redacted, _Refusal], by("type")]
_UserContent = Annotated[Union[Words, Annotated[list[_UserPart], Tag("@more")]], STRING_OR_MORE]
_AssistantContent = Annotated[Union[Words, Annotated[list[_AssistantPart], Tag("@more")]], STRING_OR_MORE]
_SystemContent = Annotated[Union[Words, Annotated[list[TextPart], Tag("@more")]], STRING_OR_MORE]


class _Message(Cacheable):
    name: Optional[str] = None


class SystemMessage(_Message):
    role: Literal["system", "developer"]
    content: _SystemContent


class UserMessage(_Message):
    role: Literal["user"]
    content: _UserContent


class CalledFunction(Open):
    name: ToolName
    arguments: str


class ToolCall(Cacheable):
    id: str
    type: Literal["function"] = "function"
    function: CalledFunction


class AssistantMessage(_Message):
    role: Literal["assistant"]
    content: Optional[_AssistantContent] = None
    tool_calls: Optional[list[ToolCall]] = None
    refusal: Optional[str] = None
    reasoning_content: Optional[str] = None
    thinking_blocks: Optional[list[Annotated[Union[_Thinking, _Redacted], by("type")]]] = None


class ToolMessage(_Message):
    role: Literal["tool"]
    tool_call_id: str
    content: _UserContent


class Function(Open):
    name: ToolName
    description: Optional[str] = None
    parameters: Optional[dict[str, Any]] = None
    strict: Optional[bool] = None

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, value: Any) -> Any:
        # LiteLLM fails on parameters that are null, and takes a function that has none.
        return {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value


class Tool(Cacheable):
    """Functions only: LiteLLM and providers run other tools themselves, and some name a server to
    call."""

    type: Literal["function"]
    function: Function


def _within(tools: Optional[list[Tool]]) -> Optional[list[Tool]]:
    within([tool.function.parameters for tool in tools or []])
    return tools


class ChosenFunction(Closed):
    name: ToolName


class ToolChoice(Closed):
    type: Literal["function"]
    function: ChosenFunction


class TextFormat(Closed):
    type: Literal["text", "json_object"]


class JsonSchema(Closed):
    name: str
    description: Optional[str] = None
    schema_: Annotated[ToolSchema, Field(alias="schema")]
    strict: Optional[bool] = None


class SchemaFormat(Closed):
    type: Literal["json_schema"]
    json_schema: JsonSchema


class StreamOptions(Closed):
    """`include_obfuscation` pads OpenAI's own streams; no other provider has it."""

    include_usage: Optional[bool] = None
    include_obfuscation: Optional[bool] = None


def _session(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", value):
        raise ValueError("allowed are up to 128 letters, digits and . _ : -")
    return value


_Neutral = Optional[Annotated[float, only(0)]]


class Chat(Body):
    """`POST /v1/chat/completions`. Fields in the second block change nothing at their allowed
    values; clients send them by default, and LiteLLM does not receive them."""

    messages: Annotated[
        list[
            Annotated[
                Union[
                    Annotated[SystemMessage, Tag("@system")],
                    Annotated[SystemMessage, Tag("@developer")],
                    Annotated[UserMessage, Tag("@user")],
                    Annotated[AssistantMessage, Tag("@assistant")],
                    Annotated[ToolMessage, Tag("@tool")],
                ],
                by("role"),
            ]
        ],
        Field(min_length=1, max_length=10_000),
    ]
    stream: Optional[bool] = None
    stream_options: Optional[StreamOptions] = None
    max_tokens: Optional[Positive] = None
    max_completion_tokens: Optional[Positive] = None
    temperature: Optional[Annotated[float, Field(ge=0, le=2)]] = None
    top_p: Optional[Annotated[float, Field(ge=0, le=1)]] = None
    stop: Optional[
        Annotated[
            Union[Words, Annotated[list[str], Field(max_length=16), Tag("@more")]],
            STRING_OR_MORE,
        ]
    ] = None
    tools: Annotated[Optional[list[Tool]], AfterValidator(_within)] = None
    tool_choice: Optional[
        Annotated[
            Union[
                Annotated[Literal["auto", "none", "required"], Tag("@string")],
                Annotated[ToolChoice, Tag("@more")],
            ],
            STRING_OR_MORE,
        ]
    ] = None
    parallel_tool_calls: Optional[bool] = None
    response_format: Optional[
        Annotated[
            Union[
                Annotated[TextFormat, Tag("@text")],
                Annotated[TextFormat, Tag("@json_object")],
                Annotated[SchemaFormat, Tag("@json_schema")],
            ],
            by("type"),
        ]
    ] = None
    reasoning_effort: Optional[Literal["none", "minimal", "low", "medium", "high"]] = None
    thinking: Optional[Thinking] = None
    seed: Optional[Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]] = None
    litellm_session_id: Optional[Annotated[str, AfterValidator(_session)]] = None

    drop_params: Optional[bool] = None
    n: Optional[Annotated[int, only(1)]] = None
    frequency_penalty: _Neutral = None
    presence_penalty: _Neutral = None
    logprobs: Optional[Annotated[bool, only(False)]] = None
    store: Optional[Annotated[bool, only(False)]] = None


_NOT_SENT: dict[str, Any] = {
    "drop_params": True,
    "n": True,
    "frequency_penalty": True,
    "presence_penalty": True,
    "logprobs": True,
    "store": True,
    "stream_options": {"include_obfuscation"},
}

ALLOWED_FIELDS = frozenset(Chat.model_fields)


def accepted(body: Any, models: Collection[str]) -> bytes:
    """The JSON that LiteLLM receives: the schema's fields that the caller sent, in its order. Raises `Refused`
    as `checked` does."""
    return checked(Chat, body, models).model_dump_json(by_alias=True, exclude_unset=True, exclude=_NOT_SENT).encode()
