"""The body of `POST /v1/messages`, Anthropic's shape, as a typed schema. It admits what the chat route can carry, so
that nothing of a request is lost on the way; what it cannot is refused by name."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Optional, Union

from pydantic import AfterValidator, Field, Tag

from .schema import STRING_OR_MORE, Body, Cacheable, Closed, Open, Positive, TextPart, Thinking, Words, by, only
from .tools import ToolName, ToolSchema, within


class Base64(Closed):
    """Content by address is refused: the gateway would fetch it, from inside its network."""

    type: Literal["base64"]
    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp"]
    data: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class Image(Cacheable):
    type: Literal["image"]
    source: Base64


class ThoughtPart(Open):
    type: Literal["thinking"]
    thinking: str
    signature: str


class RedactedThoughtPart(Open):
    type: Literal["redacted_thinking"]
    data: str


class ToolUse(Cacheable):
    type: Literal["tool_use"]
    id: str
    name: ToolName
    input: dict[str, Any]


_Text = Annotated[TextPart, Tag("@text")]
_Image = Annotated[Image, Tag("@image")]
_Shown = Annotated[Union[_Text, _Image], by("type")]


class ToolResult(Cacheable):
    type: Literal["tool_result"]
    tool_use_id: str
    content: Optional[Annotated[Union[Words, Annotated[list[_Shown], Tag("@more")]], STRING_OR_MORE]] = None
    is_error: Optional[bool] = None


_UserPart = Annotated[Union[_Text, _Image, Annotated[ToolResult, Tag("@tool_result")]], by("type")]
_AssistantPart = Annotated[
    Union[
        _Text,
        Annotated[ThoughtPart, Tag("@thinking")],
        Annotated[RedactedThoughtPart, Tag("@redacted_thinking")],
        Annotated[ToolUse, Tag("@tool_use")],
    ],
    by("type"),
]


class UserTurn(Open):
    role: Literal["user"]
    content: Annotated[Union[Words, Annotated[list[_UserPart], Tag("@more")]], STRING_OR_MORE]


class AssistantTurn(Open):
    role: Literal["assistant"]
    content: Annotated[Union[Words, Annotated[list[_AssistantPart], Tag("@more")]], STRING_OR_MORE]


class OfferedTool(Cacheable):
    """Tools of the caller only: those of other types run at the provider, and some name a server to call."""

    type: Optional[Literal["custom"]] = None
    name: ToolName
    description: Optional[str] = None
    input_schema: dict[str, Any]
    strict: Optional[bool] = None


def _within(tools: Optional[list[OfferedTool]]) -> Optional[list[OfferedTool]]:
    within([tool.input_schema for tool in tools or []])
    return tools


class Choice(Closed):
    type: Literal["auto", "any", "none"]
    disable_parallel_tool_use: Optional[bool] = None


class ChosenTool(Closed):
    type: Literal["tool"]
    name: ToolName
    disable_parallel_tool_use: Optional[bool] = None


class AnswerSchema(Closed):
    type: Literal["json_schema"]
    schema_: Annotated[ToolSchema, Field(alias="schema")]


class OutputConfig(Closed):
    format: Optional[AnswerSchema] = None


class Clearing(Open):
    type: Literal["clear_thinking_20251015", "clear_tool_uses_20250919"]


class ContextManagement(Closed):
    """Anthropic would clear old thoughts and results before the model reads them; here it reads them all. Other edits
    replace what was said, and are refused."""

    edits: list[Clearing]


class Metadata(Closed):
    """Whose spend it is follows from the key."""

    user_id: Optional[str] = None


class Messages(Body):
    """`POST /v1/messages`. Fields in the second block change nothing; LiteLLM does not receive them."""

    messages: Annotated[
        list[Annotated[Union[Annotated[UserTurn, Tag("@user")], Annotated[AssistantTurn, Tag("@assistant")]], by("role")]],
        Field(min_length=1, max_length=10_000),
    ]
    max_tokens: Positive
    system: Optional[Annotated[Union[Words, Annotated[list[TextPart], Tag("@more")]], STRING_OR_MORE]] = None
    stream: Optional[bool] = None
    temperature: Optional[Annotated[float, Field(ge=0, le=1)]] = None
    top_p: Optional[Annotated[float, Field(ge=0, le=1)]] = None
    stop_sequences: Optional[Annotated[list[str], Field(max_length=16)]] = None
    tools: Annotated[Optional[list[OfferedTool]], AfterValidator(_within)] = None
    tool_choice: Optional[
        Annotated[
            Union[
                Annotated[Choice, Tag("@auto")],
                Annotated[Choice, Tag("@any")],
                Annotated[Choice, Tag("@none")],
                Annotated[ChosenTool, Tag("@tool")],
            ],
            by("type"),
        ]
    ] = None
    thinking: Optional[Thinking] = None
    output_config: Optional[OutputConfig] = None

    context_management: Optional[ContextManagement] = None
    metadata: Optional[Metadata] = None
    service_tier: Optional[Annotated[str, only("auto", "standard_only")]] = None
