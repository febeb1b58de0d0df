from __future__ import annotations

import json
import math
from typing import Any

import litellm
import pytest
from litellm.llms.bedrock.chat.converse_transformation import AmazonConverseConfig

from cline_gateway.reserve import estimate_reservations, estimated_tokens, priced_tokens

PROSE = "The gateway reserves what a request may cost, and returns the rest when the answer is there. " * 200
CODE = "".join(f"export const value{n} = total({n * 7919}, items[{n}]?.price ?? 0); // adds up\n" for n in range(400))
JAPANESE = "ゲートウェイは要求の費用を予約し、回答が届いたときに残りを返します。" * 200
TOOLS = [
    {"type": "function", "function": {"name": f"tool_{n}", "description": PROSE[:400], "parameters": {"type": "object"}}} for n in range(12)
]


def chat(content: Any, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "system", "content": PROSE}, {"role": "user", "content": content}], **more}


@pytest.mark.parametrize(
    "body",
    [
        chat(PROSE),
        chat(CODE),
        chat(JAPANESE),
        chat("x", tools=TOOLS),
        chat([{"type": "text", "text": CODE}] * 4),
        {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": CODE}] * 40},
    ],
    ids=["prose", "code", "Japanese", "tools", "parts", "turns"],
)
def test_is_no_less_than_a_third_more_than_a_tokenizer_counts_and_at_most_three_times(body: dict[str, Any]) -> None:
    counted = litellm.token_counter(model="gpt-4o", messages=body["messages"], tools=body.get("tools"))
    assert 1.35 * counted <= estimated_tokens(body) <= 3.3 * counted + 1000


@pytest.mark.parametrize("as_text", [False, True], ids=["object", "text"])
def test_an_image_counts_by_its_tokens_not_its_bytes(as_text: bool) -> None:
    url = "data:image/png;base64," + "A" * 2_000_000
    image = {"type": "image_url", "image_url": url if as_text else {"url": url}}
    assert estimated_tokens(chat([image])) - estimated_tokens(chat([])) == 4_808


@pytest.mark.parametrize("content", ["data:image/" + CODE, [{"type": "text", "text": "data:image/" + CODE}]], ids=["message", "part"])
def test_a_text_that_begins_like_an_image_is_a_text(content: Any) -> None:
    body = {"messages": [{"role": "user", "content": content}]}
    assert estimated_tokens(body) >= litellm.token_counter(model="gpt-4o", messages=body["messages"])


def test_an_answers_schema_is_counted() -> None:
    schema = {"type": "object", "properties": {f"field_{n}": {"type": "object", "description": PROSE[:100]} for n in range(50)}}
    answer = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    # LiteLLM closes each object of it.
    sent = json.dumps(AmazonConverseConfig._create_output_config_for_response_format(schema, "a"))
    counted = litellm.token_counter(model="gpt-4o", text=sent)
    assert counted <= estimated_tokens(chat("x", response_format=answer)) - estimated_tokens(chat("x")) <= 5 * counted + 1000
    assert estimated_tokens(chat("x", response_format={"type": "json_object"})) == estimated_tokens(chat("x"))


def test_references_are_counted_as_they_are_sent() -> None:
    once = {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"description": PROSE[:3_000]}}}
    many = {**once, "properties": {f"p{n}": {"$ref": "#/$defs/A"} for n in range(20)}}
    for offered in (
        lambda schema: {"tools": [{"type": "function", "function": {"name": "a", "parameters": schema}}, TOOLS[0]]},
        lambda schema: {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}},
    ):
        assert estimated_tokens(chat("x", **offered(many))) - estimated_tokens(chat("x", **offered(once))) >= 19 * 3_000 // 2


def test_half_a_character_is_counted() -> None:
    assert estimated_tokens(chat("\ud800")) > 0


async def test_litellm_reserves_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from litellm.proxy.spend_tracking import budget_reservation

    for name in ("count_input_tokens", "_requested_output_tokens"):
        monkeypatch.setattr(budget_reservation, name, getattr(budget_reservation, name))
    estimate_reservations()
    body = {"model": "light", **chat(CODE)}
    counts = await budget_reservation.count_request_input_tokens(body, "/v1/chat/completions", None, b"")
    assert dict(counts) == {"light": priced_tokens(body)}


PRICES = {"input_cost_per_token": 1e-6, "output_cost_per_token": 5e-6, "max_output_tokens": 38_400}


@pytest.mark.parametrize(
    ("more", "input_price", "output"),
    [
        ({"max_tokens": 100}, 1.25e-6, 100),
        ({"max_tokens": 100, "messages": [{"role": "user", "content": CODE, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]}, 2e-6, 100),
        ({"max_tokens": 100_000}, 1.25e-6, 38_400),
        # What the hook admits: 8,192 tokens and the thinking.
        ({"thinking": {"type": "enabled", "budget_tokens": 20_000}}, 1.25e-6, 28_192),
        ({"thinking": {"type": "enabled", "budget_tokens": 32_000}}, 1.25e-6, 38_400),
    ],
    ids=["cache", "an hour's cache", "bounded", "thinking", "much thinking"],
)
def test_a_reservation_is_no_less_than_the_bill(monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], input_price: float, output: int) -> None:
    from litellm.proxy.spend_tracking import budget_reservation

    for name in ("count_input_tokens", "_requested_output_tokens"):
        monkeypatch.setattr(budget_reservation, name, getattr(budget_reservation, name))
    estimate_reservations()
    body = {"model": "light", **chat(CODE), **more}
    reserved = budget_reservation._max_cost_for_cost_info(body, "/v1/chat/completions", "light", PRICES, priced_tokens(body))
    assert reserved is not None
    tokens = litellm.token_counter(model="gpt-4o", messages=body["messages"])
    assert tokens * input_price + output * 5e-6 <= reserved
    assert priced_tokens(body) * 1e-6 == pytest.approx(math.ceil(estimated_tokens(body) * input_price * 1e6) * 1e-6)
    assert output * 5e-6 <= reserved - priced_tokens(body) * 1e-6 + 1e-9


def test_texts_to_embed_are_not_cached() -> None:
    assert priced_tokens({"input": ["x" * 300] * 4}) == estimated_tokens({"input": ["x" * 300] * 4})


@pytest.mark.parametrize("name", ["count_input_tokens", "_requested_output_tokens"])
def test_a_litellm_that_counts_elsewhere_does_not_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from litellm.proxy.spend_tracking import budget_reservation

    monkeypatch.delattr(budget_reservation, name)
    with pytest.raises(RuntimeError, match="counts a reservation's tokens elsewhere"):
        estimate_reservations()
